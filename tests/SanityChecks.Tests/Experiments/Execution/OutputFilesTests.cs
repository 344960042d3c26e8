using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using SanityChecks.Compute;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Reporting;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>Everything that a run leaves behind besides the scores.</summary>
public sealed class OutputFilesTests(OutputFilesTests.Both both) : IClassFixture<OutputFilesTests.Both>
{
    private static readonly string[] Overrides =
        ["randomization.layers=[fc8,conv5_3]", "methods=[grad_cam,guided_grad_cam]", "output.maps=both", "output.maps_for_images=1",
            "images.count=2"];

    private static readonly string[] Steps = ["00-original", "01-fc8", "02-conv5_3"];

    private readonly SmallRun small = both.Small;

    /// <summary>One run with all kinds of files for all of these tests.</summary>
    public sealed class Both : IDisposable
    {
        public Both() => Result = Small.Run("both", Overrides);

        internal SmallRun Small { get; } = new();

        public RunResult Result { get; }

        public void Dispose() => Small.Dispose();
    }

    private string Image => small.Scores("both")[0].Image;

    private string Stem => Image.Replace('/', '-')[..^".png".Length];

    private string[] Files(string name, string folder = "") =>
        [.. Directory.EnumerateFiles(small.Of(name, folder), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(small.Of(name), file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    private IEnumerable<string> Maps(params string[] extensions) => new[] { "grad_cam", "guided_grad_cam" }
        .SelectMany(method => Steps.SelectMany(step => extensions.Select(extension => $"maps/{Stem}/{method}/{step}{extension}")));

    [Fact]
    public void The_folder_holds_these_files_and_no_others()
    {
        string[] expected =
        [
            "charts/spearman.png", "charts/spearman.svg", "charts/ssim.png", "charts/ssim.svg", "config.yaml", "contrasts.csv",
            "curves.csv", "health.csv", "manifest.json",
            $"maps/{Stem}.png",
            $"maps/{Stem}/image.png", $"maps/{Stem}/maps.jsonl",
            .. Maps(".npy", ".png"), "report.html", "scores.csv", "summary.csv", "verdict.json",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Files("both"));
        Assert.Equal(both.Result.Charts, [small.Of("both", "charts", "spearman.svg"), small.Of("both", "charts", "ssim.svg")]);
        Assert.Equal(both.Result.Grids, [small.Of("both", "maps", Stem + ".png")]);
    }

    [Theory]
    [InlineData("png", ".png")]
    [InlineData("npy", ".npy")]
    [InlineData("none", null)]
    public void The_configuration_says_which_map_files_are_written(string maps, string? extension)
    {
        small.Run(maps, [.. Overrides, $"output.maps={maps}", "metrics=[spearman]"]);
        string[] expected = extension is null
            ? []
            : [$"maps/{Stem}/image.png", $"maps/{Stem}/maps.jsonl", .. extension == ".png" ? [$"maps/{Stem}.png"] : Array.Empty<string>(), .. Maps(extension)];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Files(maps).Where(file => file.StartsWith("maps", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_raw_maps_are_those_that_were_scored()
    {
        foreach (ScoreRow row in small.Scores("both").Where(row => row.Image == Image))
        {
            (SaliencyMap original, SaliencyMap map) = (Load(row.Method, 0), Load(row.Method, row.Step));
            Assert.Equal(row.Method == "grad_cam" ? new Shape(224, 224) : new Shape(3, 224, 224), map.Shape);
            Assert.Equal(
                row.Value,
                Metrics.Find(row.Metric).Score(new MapFeatures(original.SumChannels()), new MapFeatures(map.SumChannels())).Value);
        }

        SaliencyMap Load(string method, int step)
        {
            (Shape shape, float[] values) = NpyFile.Read(small.Of("both", "maps", Stem, method, Steps[step] + ".npy"));
            return new SaliencyMap(shape, values);
        }
    }

    [Fact]
    public void The_stored_maps_are_the_raw_ones_to_half_a_byte_before_they_are_enlarged()
    {
        (string image, IReadOnlyList<CompactMap> maps) = MapsFile.Read(small.Of("both", "maps", Stem, MapsFile.FileName));
        Assert.Equal(Image, image);
        Assert.Equal(
            Enumerable.Range(0, Steps.Length).SelectMany(step => new[] { ("grad_cam", step), ("guided_grad_cam", step) }),
            maps.Select(map => (map.Method, map.Step)));
        foreach (CompactMap map in maps)
        {
            (Shape shape, float[] values) = NpyFile.Read(small.Of("both", "maps", Stem, map.Method, Steps[map.Step] + ".npy"));
            float[] raw = [.. new SaliencyMap(shape, values).SumChannels().Values];
            float[] stored = [.. map.Unpack().Select(value => value / 127f * map.Scale)];
            bool enlarged = map.Method == "grad_cam";
            Assert.Equal(enlarged ? (14, 14, false) : (224, 224, true), (map.Height, map.Width, map.Signed));
            if (enlarged)
            {
                float[] large = new float[224 * 224];
                SanityChecks.Compute.Reference.BilinearResize.Forward(stored, 14, 14, large, 224, 224);
                stored = large;
            }

            for (int i = 0; i < raw.Length; i++)
            {
                Assert.Equal(Math.Clamp(raw[i], -map.Scale, map.Scale), stored[i], map.Scale * 0.501f / 127);
            }
        }
    }

    [Fact]
    public void The_report_made_again_elsewhere_is_the_same()
    {
        byte[] page = File.ReadAllBytes(both.Result.Report);
        Assert.Equal(small.Of("both", "report.html"), both.Result.Report);
        foreach (string file in Files("both"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(small.Of("copy", file))!);
            File.Copy(small.Of("both", file), small.Of("copy", file));
        }

        File.Delete(small.Of("copy", "report.html"));
        Assert.Equal(page, File.ReadAllBytes(RunReport.Write(small.Of("copy"))));
    }

    [Fact]
    public void The_pictures_can_be_read_and_the_image_is_what_the_network_saw()
    {
        RgbImage fitted = Preprocessing.ImageNet.Fit(ImageFile.Load(Path.Combine(small.ImagesPath, Image)));
        Assert.Equal(fitted.Pixels, ImageFile.Load(small.Of("both", "maps", Stem, "image.png")).Pixels);
        string[] pictures = [.. Maps(".png")];
        Assert.All(pictures, file => Assert.Equal((224, 224), Size(ImageFile.Load(small.Of("both", file)))));
        Assert.Equal(
            pictures.Length,
            pictures.Select(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(small.Of("both", file))))).Distinct().Count());
        (int width, int height) = Size(ImageFile.Load(Assert.Single(both.Result.Grids)));
        Assert.True(width > 3 * height / 4 && height > 2 * 100, $"the grid has {width} x {height} pixels");

        static (int, int) Size(RgbImage image) => (image.Width, image.Height);
    }

    [Fact]
    public void Images_whose_names_differ_only_in_folder_or_ending_have_folders_of_their_own()
    {
        using var other = new SmallRun();
        string[] paths = ["a/b.png", "a-b.png", "a/b.jpg", "A-B.png"];
        for (int i = 0; i < paths.Length; i++)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(other.Of(["list", .. paths[i].Split('/')]))!);
            File.Copy(other.ImagePath(i), other.Of(["list", .. paths[i].Split('/')]));
        }

        File.WriteAllLines(other.Of("list", "images.txt"), paths);
        other.Run(
            "run", "images.source=list", $"images.list='{other.Of("list", "images.txt")}'", "output.maps=npy", "output.maps_for_images=9",
            "metrics=[spearman]");
        Assert.Equal(paths, other.Scores("run").Select(row => row.Image).Distinct());
        string[] folders = ["a-b", "a-b-2", "a-b-3", "A-B-4"];
        Assert.Equal(
            folders.Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(other.Of("run", "maps")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        for (int i = 0; i < paths.Length; i++)
        {
            RgbImage fitted = Preprocessing.ImageNet.Fit(ImageFile.Load(other.ImagePath(i)));
            Assert.Equal(fitted.Pixels, ImageFile.Load(other.Of("run", "maps", folders[i], "image.png")).Pixels);
        }
    }

    [Fact]
    public void Names_too_long_for_a_folder_are_cut_and_told_apart_by_a_hash()
    {
        using var other = new SmallRun();
        string deep = string.Join('/', Enumerable.Repeat("ein-sehr-langer-Ordnername-über-Hunde", 4));
        string[] paths = [$"{deep}/a.png", $"{deep}/b.png"];
        for (int i = 0; i < paths.Length; i++)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(other.Of(["list", .. paths[i].Split('/')]))!);
            File.Copy(other.ImagePath(i), other.Of(["list", .. paths[i].Split('/')]));
        }

        File.WriteAllLines(other.Of("list", "images.txt"), paths);
        other.Run("run", "images.source=list", $"images.list='{other.Of("list", "images.txt")}'", "output.maps=png", "metrics=[spearman]");
        string[] folders = [.. Directory.EnumerateDirectories(other.Of("run", "maps")).Select(folder => Path.GetFileName(folder)!)];
        Assert.Equal(2, folders.Length);
        Assert.All(folders, name => Assert.Matches("^ein-sehr-langer-Ordnername-über-Hunde-.*-[0-9a-f]{8}$", name));
        Assert.All(folders, name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 100, 120));
    }

    [Fact]
    public void The_charts_name_what_was_run()
    {
        foreach (string chart in both.Result.Charts)
        {
            string text = string.Join('\n', XDocument.Load(chart).Descendants().Select(element => element.Value));
            Assert.Contains("vgg16, 2 images of 3 synsets", text, StringComparison.Ordinal);
            Assert.Contains("conv5_3", text, StringComparison.Ordinal);
            Assert.Contains("Guided Grad-CAM", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_experiment_of_other_words_says_them_in_charts_and_grids_and_nothing_else_changes()
    {
        Plan plan = small.Plan(Overrides);
        ExperimentRecord words = plan.Experiment.Words with
        {
            Title = "Layers thrown away",
            Faithful = "Lines sink {value}.",
            StepAxis = "thrown away",
            Original = "whole",
            Step = "{layer} gone",
            GridColumns = "Layer by layer.",
        };
        RunResult result = small.Run("other words", plan with { Experiment = plan.Experiment with { Words = words } });
        Assert.Equal(words, Manifest.Read(small.Of("other words"))!.Experiment);
        XElement svg = XDocument.Load(result.Charts[0]).Root!;
        Assert.Equal("Layers thrown away: Spearman rank correlation", svg.Elements().First().Value);
        Assert.Matches("Lines sink to 0\\. .* at whole, .* at conv5_3 gone, ", svg.Elements().ElementAt(1).Value);
        string[] changed =
            [.. Files("both")
                .Where(file => !File.ReadAllBytes(small.Of("both", file)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(small.Of("other words", file))))];
        string[] expected =
            ["charts/spearman.png", "charts/spearman.svg", "charts/ssim.png", "charts/ssim.svg", "manifest.json", $"maps/{Stem}.png",
                "report.html", "verdict.json"];
        Assert.Equal(expected, changed);
    }

    [Fact]
    public void The_manifest_says_where_the_numbers_come_from()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(small.Of("both", "manifest.json")));
        JsonElement manifest = document.RootElement;
        string[] keys =
            ["version", "commit", "complete", "experiment", "methods", "measures", "engine", "seed", "weights", "weight_parts",
                "preprocessing", "synsets", "classes", "images", "skipped", "libraries", "machine", "sessions"];
        Assert.Equal(
            keys, manifest.EnumerateObject().Select(property => property.Name).Union(["version", "commit"])
                .OrderBy(name => Array.IndexOf(keys, name)));
        Assert.Empty(manifest.GetProperty("classes").EnumerateArray()); // ten, which nothing names
        Assert.Equal(typeof(Manifest).Assembly.GetName().Version!.ToString(3), manifest.GetProperty("version").GetString());
        string? version = typeof(Manifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        Assert.Equal(
            version, manifest.TryGetProperty("commit", out JsonElement commit)
                ? $"{manifest.GetProperty("version")}+{commit}"
                : manifest.GetProperty("version").GetString());
        Assert.True(manifest.GetProperty("complete").GetBoolean());
        Assert.Equal(Catalogue.Find("cascading_randomization").Words, Manifest.Read(small.Of("both"))!.Experiment);
        Assert.Equal("cascading", manifest.GetProperty("experiment").GetProperty("randomization").GetString());
        Assert.Equal("cpu", manifest.GetProperty("engine").GetProperty("name").GetString());
        Assert.Contains("2 thread(s)", manifest.GetProperty("engine").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, manifest.GetProperty("seed").GetInt32());
        Assert.Equal(("narrow.safetensors", Hash(small.WeightsPath)), Record(manifest.GetProperty("weights")));
        Assert.Equal(
            [SmallRun.Tench, SmallRun.Goldfish, SmallRun.Shark],
            manifest.GetProperty("synsets").EnumerateArray().Select(synset => synset.GetString()));
        Assert.Equal(
            small.Scores("both").Select(row => row.Image).Distinct().Select(id => (id, Hash(Path.Combine(small.ImagesPath, id)))),
            manifest.GetProperty("images").EnumerateArray().Select(Record));
        JsonElement session = Assert.Single(manifest.GetProperty("sessions").EnumerateArray());
        Assert.Equal(2, session.GetProperty("images").GetInt32());
        Assert.InRange(DateTime.UtcNow - session.GetProperty("started").GetDateTime(), TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Assert.Equal(Environment.ProcessorCount, manifest.GetProperty("machine").GetProperty("cores").GetInt32());

        static (string, string) Record(JsonElement file) =>
            (file.GetProperty("name").GetString()!, file.GetProperty("sha256").GetString()!);

        static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
    }

    [Fact]
    public void Only_the_configuration_names_folders_of_this_machine()
    {
        byte[] root = Encoding.UTF8.GetBytes(small.Root);
        byte[] repository = Encoding.UTF8.GetBytes(SharedFolder.RepositoryRoot);
        byte[] home = Encoding.UTF8.GetBytes(Path.GetTempPath());
        Assert.Equal(["config.yaml", "report.html"], Files("both").Where(file =>
        {
            ReadOnlySpan<byte> content = File.ReadAllBytes(small.Of("both", file));
            return content.IndexOf(root) >= 0 || content.IndexOf(repository) >= 0 || content.IndexOf(home) >= 0;
        }));
    }

    [Fact]
    public void The_configuration_in_the_folder_is_that_of_the_run_with_every_default() =>
        Assert.Equal(small.Plan(Overrides).Config, ExperimentConfig.Load(small.Of("both", "config.yaml"), [], Catalogue.Vocabulary));

    [Fact]
    public void A_map_that_cannot_be_written_is_an_error_of_the_disk()
    {
        using var other = new SmallRun();
        string[] overrides = ["output.maps=npy", "images.count=1"];
        other.Run("run", overrides);
        File.Delete(other.Of("run", "scores.csv"));
        (Manifest.Read(other.Of("run"))! with { Complete = false }).Write(other.Of("run"));
        string folder = Directory.EnumerateDirectories(other.Of("run", "maps"), "grad_cam", SearchOption.AllDirectories).Single();
        Directory.Delete(folder, recursive: true);
        File.WriteAllText(folder, "in the way");
        Assert.ThrowsAny<IOException>(() => other.Run("run", overrides));
    }
}
