using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Regression;
using SanityChecks.RunFiles.Statistics;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Experiments.Regression;

public sealed class BaselineTests : IDisposable
{
    private const string Header =
        "image,label,target,logit,original_logit,randomization,step,layer,draw,method,metric,resolution,reference,value,status\r\n";

    private const string Row = "\"=1,\n.png\",7,3,1,1,cascading,0,,0,grad_cam,ssim,input,original,1,ok\r\n";

    private readonly TemporaryFolder folder = new();

    private string Csv => folder.Of("reference", "small.csv");

    public void Dispose() => folder.Dispose();

    private static BaselineFacts Facts(params string[] overrides) => new()
    {
        Version = "1.2.3",
        Commit = "abc",
        Engine = new EngineRecord("cpu", "256-bit vectors"),
        Seed = 3,
        Weights = new FileRecord("narrow.safetensors", "77"),
        Images = [new FileRecord("a.png", "1a"), new FileRecord("b.png", "1b")],
        Config = BaselineFacts.Of(
            new Manifest
            {
                Engine = new EngineRecord("", ""),
                Weights = new FileRecord("", ""),
                Images = [],
                Machine = new MachineRecord("", "", "", 1),
            },
            ExperimentConfig.Parse("experiment: cascading_randomization", "x.yaml", [.. overrides], Catalogue.Vocabulary)).Config,
    };

    private static Baseline Small()
    {
        ScoreRow[] rows =
        [
            new("=1,\n.png", null, 3, 1, 1, "cascading", 0, "", 0, "grad_cam", "ssim", "input", ScoreRow.Original, 1, "ok"),
            new("=1,\n.png", null, 3, 1, 1, "cascading", 1, "fc8", 1, "grad_cam", "ssim", "input", ScoreRow.Original, 1 / 3.0, "ok"),
            new("b.png", 7, 3, 1, 1, "cascading", 1, "fc8", 1, "grad_cam", "ssim", "input", ScoreRow.Original, null, "constant_both"),
        ];
        return new Baseline(Facts(), rows, Summary.Of(rows));
    }

    private string Refused() =>
        Assert.ThrowsAny<InputException>(() => Baseline.Read(Csv)).Message.Replace(folder.Path, "", StringComparison.Ordinal);

    [Fact]
    public void A_baseline_reads_back_to_the_last_bit()
    {
        Baseline written = Small();
        written.Write(Csv);
        Baseline read = Baseline.Read(Csv);
        Assert.Equal(written.Scores, read.Scores);
        Assert.Equal(written.Means, read.Means);
        Assert.Empty(written.Facts.ObstaclesOf(read.Facts));
        Assert.Equal(
            (written.Facts.Version, written.Facts.Commit, written.Facts.Engine),
            (read.Facts.Version, read.Facts.Commit, read.Facts.Engine));
        Assert.StartsWith(Header + "\"'=1,\n.png\",,3,1,1,cascading,0,", File.ReadAllText(Csv), StringComparison.Ordinal);
        Assert.Equal(["small.csv", "small.json"], Directory.EnumerateFiles(folder.Of("reference")).Select(Path.GetFileName).Order());
        Assert.False(Baseline.IsSummary(Csv));
    }

    [Fact]
    public void A_baseline_without_scores_is_a_summary_and_is_known_by_its_header()
    {
        Baseline written = Small() with { Scores = null };
        written.Write(Csv);
        Baseline read = Baseline.Read(Csv);
        Assert.Null(read.Scores);
        Assert.Equal(written.Means, read.Means);
        Assert.Equal(SummaryFile.Text(written.Means), File.ReadAllText(Csv));
        Assert.True(Baseline.IsSummary(Csv));
    }

    [Fact]
    public void Line_feeds_alone_end_rows_too()
    {
        Small().Write(Csv);
        File.WriteAllText(Csv, File.ReadAllText(Csv).Replace("\r\n", "\n", StringComparison.Ordinal));
        Assert.Equal(Small().Scores, Baseline.Read(Csv).Scores);
    }

    [Theory]
    [InlineData("", ": cannot be read: the file is empty, or a pipe or device")]
    [InlineData("image,label\r\n", ":1: the header must be that of scores.csv (image,label,")]
    [InlineData(Header, ":2: there are no rows below the header")]
    [InlineData(Header + Row + "a.png,7\r\n", ":4: a row has 15 cells, not 2")]
    [InlineData(Header + Row + "\r\n", ":4: a row has 15 cells, not 1")]
    [InlineData(Header + Row + "a.png,7,x,1,1,cascading,0,,0,grad_cam,ssim,input,original,1,ok\r\n", ":4: ")]
    [InlineData(Header + Row + "a.png,7,99999999999,1,1,cascading,0,,0,grad_cam,ssim,input,original,1,ok\r\n", ":4: ")]
    [InlineData(Header + Row + "a.png,7,3,1,1,cascading,0,,0,grad_cam,ssim,input,original,NaN,ok\r\n", ":4: value is 'NaN'; it must be a finite number, or empty")]
    [InlineData(Header + Row + "a.png,7,3,1,1,cascading,0,,0,grad_cam,ssim,input,original,1e999,ok\r\n", ":4: value is '1e999'; it must be a finite number, or empty")]
    [InlineData(Header + Row + "a.png,7,3,1,1,cascading,0,,0,grad_cam,ssim,input,original,,ok\r\n", ":4: there must be a value where the status is ok, and none elsewhere")]
    [InlineData(Header + Row + "a.png,7,3,1,1,cascading,0,,0,grad_cam,ssim,input,original,1,constant_both\r\n", ":4: there must be a value where the status is ok, and none elsewhere")]
    [InlineData(Header + Row + Row, ":4: this row stands in line 2 already")]
    [InlineData(Header + Row + "<<<<<<< HEAD\r\n", ":4: a row has 15 cells, not 1")]
    [InlineData(Header + Row + "a.png,7,3,1,1,casc", ":4: the last row has no end: the file is not whole")]
    [InlineData(Header + Row + "\"a.png,7,3,1,1,cascading,0,,0,grad_cam,ssim,input,original,1,ok\r\n", ":4: the last row has no end: the file is not whole")]
    public void A_damaged_row_is_named_with_its_line(string text, string message)
    {
        Small().Write(Csv);
        File.WriteAllText(Csv, text);
        Assert.StartsWith("/reference/small.csv" + message, Refused().Replace('\\', '/'), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_summary_is_named_with_its_line()
    {
        (Small() with { Scores = null }).Write(Csv);
        File.AppendAllText(Csv, "cascading,2,fc7,grad_cam,ssim,input,original,x,0,,,,,,1,,,,,,,,\r\n");
        Assert.EndsWith("small.csv:4: n is 'x'; it must be a whole number from 0 on", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_said_with_what_makes_one()
    {
        Assert.EndsWith("small.csv: no such file; --update writes a baseline.", Refused(), StringComparison.Ordinal);
        Small().Write(Csv);
        File.Delete(Baseline.FactsPath(Csv));
        Assert.EndsWith(
            "small.json: no such file; a baseline is its rows (.csv) and this file beside them, and --update writes both.", Refused(),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "a baseline's name ends with .csv, such as results/reference/ci.csv.",
            Assert.Throws<InputException>(() => Baseline.Read("small.json")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"seed\": 3,", "\"seed\": three,", ":8: not the facts of a baseline ('t")]
    [InlineData("\"seed\": 3,", "", ":")]
    [InlineData("\"sha256\": \"77\"", "\"sha256\": null", ":11: not the facts of a baseline (")]
    [InlineData("\"seed\": 3,", "\"seed\": -3,", ":8: not the facts of a baseline (")]
    public void Damaged_facts_are_named(string right, string wrong, string message)
    {
        Small().Write(Csv);
        string json = Baseline.FactsPath(Csv), text = File.ReadAllText(json);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(json, text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.StartsWith("small.json" + message, Refused()["/reference/".Length..], StringComparison.Ordinal);
        Assert.Matches(@"small\.json:\d+: not the facts of a baseline \(.+\); --update writes it anew\.$", Refused());
        Assert.DoesNotContain('\n', Refused());
    }

    [Fact]
    public void Null_facts_are_refused()
    {
        Small().Write(Csv);
        string json = Baseline.FactsPath(Csv);
        File.WriteAllText(json, "null");
        Assert.Contains("holds null where a fact is needed", Refused(), StringComparison.Ordinal);
        (Small() with { Facts = Facts() with { Images = [null!] } }).Write(Csv);
        Assert.Contains("holds null where a fact is needed", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("experiment=independent_randomization", "experiment: independent_randomization, baseline cascading_randomization")]
    [InlineData("model.architecture=squeezenet1_1", "model.architecture: squeezenet1_1, baseline vgg16")]
    [InlineData("preprocessing=squash", "preprocessing.fit: squash, baseline crop")]
    [InlineData("target=label", "target: label, baseline predicted")]
    [InlineData("randomization.layers=conv", "randomization.layers: conv, baseline all")]
    [InlineData("randomization.order=bottom_up", "randomization.order: bottom_up, baseline top_down")]
    [InlineData("randomization.initializer=he_normal", "randomization.initializer: he_normal, baseline pytorch_default")]
    [InlineData("randomization.bias=zero", "randomization.bias: zero, baseline with_weight")]
    [InlineData("randomization.batch_norm=reset_statistics", "randomization.batch_norm: reset_statistics, baseline keep_statistics")]
    [InlineData("randomization.draws=2", "randomization.draws: 2, baseline 1")]
    [InlineData("methods=[gradient]", "methods: [gradient], baseline [grad_cam, guided_grad_cam]")]
    [InlineData("layer=conv1_1", "layer: conv1_1, baseline auto")]
    [InlineData("metrics=[ssim]", "metrics: [ssim], baseline [spearman, spearman_abs, ssim, hog]")]
    public void A_key_that_decides_scores_stands_in_the_way(string key, string obstacle)
    {
        Assert.Equal([obstacle], Facts().ObstaclesOf(Facts(key)));
        Assert.Contains(obstacle, Facts().ObstaclesOf(ExperimentConfig.Parse("seed: 3", "x.yaml", [key], Catalogue.Vocabulary)));
    }

    [Theory]
    [InlineData("engine.name=reference")]
    [InlineData("engine.tf32=true")]
    [InlineData("engine.libtorch=/opt/torch/lib")]
    [InlineData("images.batch=7")]
    [InlineData("images.root=elsewhere")]
    [InlineData("model.weights=elsewhere.pth")]
    [InlineData("model.classes=elsewhere.txt")]
    [InlineData("output.maps=none")]
    [InlineData("strict=true")]
    public void A_key_without_effect_on_scores_does_not(string key)
    {
        Assert.Empty(Facts().ObstaclesOf(Facts(key)));
        Assert.DoesNotContain(key.Split('=')[0], Facts().Config.Keys);
    }

    [Fact]
    public void Every_key_is_either_compared_or_known_to_have_no_effect() => Assert.Equal(
        ["seed", "model.weights", "model.graph", "model.classes", "model.inputs", "strict", "engine.name", "engine.tf32",
            "engine.libtorch"],
        new ExperimentConfig().ToPairs().Select(pair => pair.Key).Except(Facts().Config.Keys)
            .Where(key => !key.StartsWith("images.", StringComparison.Ordinal) && !key.StartsWith("output.", StringComparison.Ordinal)));

    [Fact]
    public void A_baseline_that_knows_preprocessing_by_its_name_was_made_with_that_preset_at_224()
    {
        BaselineFacts old = Facts() with
        {
            Config = Facts().Config.Where(pair => !pair.Key.StartsWith("preprocessing", StringComparison.Ordinal))
                .Append(KeyValuePair.Create("preprocessing", "squash")).ToDictionary(),
        };
        Assert.Empty(old.ObstaclesOf(Facts("preprocessing=squash")));
        Assert.Empty(old.ObstaclesOf(Facts("preprocessing={name: squash, size: 224, channels: rgb}")));
        Assert.Equal(["preprocessing.fit: crop, baseline squash"], old.ObstaclesOf(Facts()));
        Assert.Equal(
            ["preprocessing.size: [96, 64], baseline [224, 224]"],
            old.ObstaclesOf(Facts("preprocessing={fit: squash, size: [96, 64]}")));
    }

    [Fact]
    public void A_key_that_is_younger_than_the_baseline_had_its_default()
    {
        BaselineFacts old = Facts() with { Config = Facts().Config.Where(pair => pair.Key != "randomization.draws").ToDictionary() };
        Assert.Empty(old.ObstaclesOf(Facts()));
        Assert.Equal(["randomization.draws: 2, baseline 1"], old.ObstaclesOf(Facts("randomization.draws=2")));
        BaselineFacts other = Facts() with { Config = Facts().Config.Append(KeyValuePair.Create("blur", "3")).ToDictionary() };
        Assert.Equal(["blur: no such key, baseline 3"], other.ObstaclesOf(Facts()));
    }

    [Fact]
    public void Seed_weights_and_images_stand_in_the_way()
    {
        Assert.Equal(["seed: 4, baseline 3"], Facts().ObstaclesOf(Facts() with { Seed = 4 }));
        Assert.Equal(
            ["weights: other.pth with sha256 78, baseline narrow.safetensors with 77"],
            Facts().ObstaclesOf(Facts() with { Weights = new FileRecord("other.pth", "78") }));
        Assert.Empty(
            Facts().ObstaclesOf(Facts() with
            {
                Weights = new FileRecord("renamed.pth", "77"),
                Version = "9",
                Commit = null,
                Images = [.. Facts().Images.Reverse()],
            }));
        Assert.Equal(
            ["images: 1 with other bytes (sha256) (a.png)", "images: 2 not in the baseline (c.png, ...)",
                "images: 1 of the baseline missing (b.png)"],
            Facts().ObstaclesOf(Facts() with { Images = [new("a.png", "1c"), new("c.png", "1b"), new("d.png", "1d")] }));
    }
}
