using System.Text.Json;
using System.Xml.Linq;
using SanityChecks.Compute;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Images.Shapes;
using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Localization;
using SanityChecks.Tests.Cli;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Localization;

/// <summary>Localization in configurations and runs, the experiment that asks for it, and the command.</summary>
public sealed class LocalizationRunTests
{
    private static readonly string[] Few =
    [
        "images={source: shapes, synset: all, count: 2}", "preprocessing=squash", "methods=[grad_cam, random_map]", "metrics=[spearman]",
        "randomization.layers=[fc8, conv5_3]", "randomization.draws=2", "maps.resolution=[input, native]",
        "localization=[box_iou, {name: pointing_game, tolerance: 3, as: near}, energy_pointing_game]",
    ];

    [Fact]
    public void A_run_has_a_row_for_each_map_and_measure_and_one_for_chance_and_no_other_row_changes()
    {
        using var small = new SmallRun();
        RunResult result = small.Run("run", Few);
        small.Run("without", [.. Few, "localization=[]"]);
        IReadOnlyList<ScoreRow> rows = small.AllScores("run");
        ScoreRow[] located = [.. rows.Where(row => row.Reference == ScoreRow.Truth)];
        Assert.Equal(small.AllScores("without"), rows.Except(located));
        Plan plan = small.Plan(Few);
        Assert.Equal(rows.Count, plan.Units.Sum(one => plan.RowsOf(one.Unit)));
        Assert.Equal(
            new[] { "grad_cam", "random_map", "chance" }.SelectMany(
                method => new[] { "box_iou", "near", "energy_pointing_game" }.Select(measure => $"{method} {measure} input")),
            located.Where(row => row.Step == 0 && row.Image == plan.Selection.Images[1].Id)
                .Select(row => $"{row.Method} {row.Metric} {row.Resolution}"));
        Assert.Equal(2 * 3 * ((5 * 2) + 1), located.Length);

        // The energy of chance is the object's share, and of random numbers about that.
        ScoreRow[] energies = [.. located.Where(row => row.Metric == "energy_pointing_game")];
        Assert.All(plan.Selection.Images, image =>
        {
            double share = image.Truth()!.Objects[0].Mask!.Count(inside => inside) / (224.0 * 224);
            Assert.Equal(share, energies.Single(row => row.Image == image.Id && row.Method == ScoreRow.Chance).Value!.Value, 1e-15);
            Assert.All(energies.Where(row => row.Image == image.Id && row.Method == "random_map"), row =>
                Assert.Equal(share, row.Value!.Value, 0.01));
        });
        Assert.Contains(small.Of("run", "charts", "near.svg"), result.Charts);
        XElement chart = XDocument.Load(small.Of("run", "charts", "energy_pointing_game.svg")).Root!;
        Assert.Contains("Cascading randomization: energy-based pointing game", chart.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("Chance", chart.Value, StringComparison.Ordinal);

        // Chance is no method: of these two images it has one line, at the height of their mean share.
        CorrelationChart drawn = CorrelationChart.Of(new RunFolder(small.Of("run"))).Single(one => one.Metric.Name == "energy_pointing_game");
        Assert.Equal(["Grad-CAM", "Random map (control)"], drawn.Series.Select(series => series.DisplayName));
        Assert.Equal(
            energies.Where(row => row.Method == ScoreRow.Chance).Average(row => row.Value!.Value), drawn.Chance!.Mean!.Value, 1e-15);
        Assert.Null(drawn.Null);
        Assert.InRange(new ChartPlot(drawn, new ChartOptions()).Layout.Axis.Low, -0.1, 0);
        Assert.Contains("pointing game (near)", File.ReadAllText(small.Of("run", "manifest.json")), StringComparison.Ordinal);
        small.Run("one by one", [.. Few, "images.batch=1"]);
        Assert.Equal(small.ScoreBytes("run"), small.ScoreBytes("one by one"));
    }

    [Fact]
    public void Photographs_have_the_boxes_of_their_files_in_the_pixels_of_the_crop()
    {
        using var small = new SmallRun();
        Directory.CreateDirectory(small.Of("boxes"));
        File.WriteAllText(
            small.Of("boxes", "a.xml"),
            $"<annotation><object><name>{SmallRun.Tench}</name><bndbox><xmin>0</xmin><xmax>39</xmax><ymin>0</ymin><ymax>15</ymax></bndbox></object></annotation>");
        string[] boxed = [.. Few[2..^1], $"images.annotations={small.Of("boxes")}", "localization=[relevance_mass, mask_iou]"];
        small.Run("run", boxed);
        ScoreRow[] rows = [.. small.AllScores("run").Where(row => row.Reference == ScoreRow.Truth)];
        Assert.Equal(
            ["no_truth"], rows.Where(row => row.Image != SmallRun.Images[0]).Select(row => row.Status).Distinct());
        Assert.Equal(
            ["no_mask"],
            rows.Where(row => row.Image == SmallRun.Images[0] && row.Metric == "mask_iou").Select(row => row.Status).Distinct());

        // The upper half of 32 rows, of which the crop of 256 to 224 keeps all columns and 112 rows of it.
        Assert.Equal(
            0.5, rows.Single(row => row.Image == SmallRun.Images[0] && row.Metric == "relevance_mass" && row.Method == ScoreRow.Chance).Value);
        File.Delete(small.Of("boxes", "a.xml"));
        Assert.Contains(
            "localization: none of the 4 images tells where its object is; set images.annotations",
            Assert.Throws<ConfigException>(() => small.Plan(boxed).RequireTruth()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cascading", true)]
    [InlineData("independent", false)]
    public void The_experiment_takes_layers_as_the_other_two_and_measures_all_that_is_quick(string way, bool connected)
    {
        using var small = new SmallRun();
        string[] asked = [$"experiment={{name: weakly_supervised, randomization: {way}}}", .. Few[..^1]];
        Plan plan = small.Plan(asked);
        Assert.Equal((way, connected), (plan.Experiment.Randomization, plan.Experiment.Words.Connected));
        Assert.Equal(LocalizationMeasures.Quick.Select(one => one.Id), plan.Config.Localization.Select(one => one.Id));
        Assert.Equal(
            small.Plan([.. asked, $"experiment={way}_randomization"]).Steps.Select(step => step.Name), plan.Steps.Select(step => step.Name));
        small.Run("run", asked);
        small.Run("other", [.. asked, $"experiment={way}_randomization"]);
        Assert.Equal(small.AllScores("other"), small.AllScores("run").Where(row => row.Reference != ScoreRow.Truth));
        Assert.Equal(
            $"{{name: weakly_supervised, randomization: {way}}}", plan.Config.ToPairs().Single(pair => pair.Key == "experiment").Value);
        Assert.Equal(
            plan.Config with { Preprocessing = small.Config(asked).Preprocessing }, small.Config(asked));
    }

    [Theory]
    [InlineData("{experiment: weakly_supervised, localization: []}", "c.yaml:1: localization: is what experiment: weakly_supervised asks for; name at least one measure, or leave the key out for box_iou,")]
    [InlineData("localization: [boxiou]", "c.yaml:1: localization: 'boxiou' is not known, nearest is 'box_iou'; allowed: box_iou, box_hit, mask_iou, grabcut_iou, pointing_game, energy_pointing_game, relevance_mass, relevance_rank")]
    [InlineData("localization: [{name: box_iou, threshold: 1}]", "c.yaml:1: localization.threshold: must be a number from 0 to 0.999, not '1'")]
    [InlineData("localization: [{name: box_iou, as: hog}]", "c.yaml:1: localization: 'hog' is the name of a metric; give one of them another name with as")]
    [InlineData("{images: {source: shapes, annotations: a}}", "c.yaml:1: images.annotations: belongs to images in files; drawn scenes know their own boxes; remove it")]
    [InlineData("experiment: {name: weakly_supervised, randomization: both}", "c.yaml:1: experiment.randomization: must be one of cascading, independent, not 'both'")]
    public void What_is_wrong_is_said_with_what_is_right(string written, string beginning) => Assert.StartsWith(
        beginning,
        Assert.Throws<ConfigException>(() => ExperimentConfig.Parse(written + "\n", "c.yaml", [], Catalogue.Vocabulary)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_command_writes_mask_box_and_object_and_scores_what_lies_beside_drawn_pictures()
    {
        using var small = new SmallRun();
        string drawn = small.Of("drawn");
        Assert.Equal(0, ProgramCall.Run("shapes", "--count", "2", "--size", "224", "--out", drawn).Code);
        string image = Path.Combine(drawn, "images", "gear", "00001.png");
        string[] arguments =
            ["localize", image, "--weights", "shapes", "--preprocessing", "squash", "--out", small.Of("found"), "--grabcut", "--raw"];
        (int code, string output, string error) = ProgramCall.Run([.. arguments, "--json"]);
        Assert.Equal((0, ""), (code, error));
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement found = document.RootElement[0].GetProperty("methods").GetProperty("grad_cam");
        string stem = small.Of("found", "00001.grad_cam.");
        Assert.Equal(
            new[] { "mask.png", "object.png", "box.png", "input.png", "seeds.npy" }.Select(name => stem + name),
            found.GetProperty("files").EnumerateArray().Select(file => file.GetString()!));

        // The files tell one story: what is white in the mask is the picture's, all else white, and the box is around it.
        RgbImage picture = ImageFile.Load(image), cut = ImageFile.Load(stem + "object.png");
        bool[] mask = MaskPicture.Read(ImageFile.Load(stem + "mask.png"));
        Assert.All(mask.Index(), pixel => Assert.Equal(pixel.Item ? picture.Pixels[3 * pixel.Index] : 255, cut.Pixels[3 * pixel.Index]));
        JsonElement box = found.GetProperty("cut");
        int[] sides = [.. new[] { "left", "top", "width", "height" }.Select(side => box.GetProperty(side).GetInt32())];
        Assert.Equal(PixelBox.Around(mask, 224), new PixelBox(sides[0], sides[1], sides[2], sides[3]));
        Assert.Equal(
            MapCutout.Seeds(ReadMap(small, image))!.Select(seed => (float)seed), NpyFile.Read(stem + "seeds.npy").Values);

        // The bundled network finds its gear, and the scores are those of the drawn mask.
        Assert.Equal(["box_iou", "box_hit", "mask_iou", "grabcut_iou", "pointing_game", "energy_pointing_game", "relevance_mass", "relevance_rank"],
            found.GetProperty("scores").EnumerateObject().Select(score => score.Name));
        IReadOnlyList<bool> truth = ShapeScenes.Draw(1, "study", 1, 224).Objects[0].Mask;
        double share = truth.Count(inside => inside) / (224.0 * 224);
        Assert.Equal(share, found.GetProperty("scores").GetProperty("mask_iou").GetProperty("chance").GetDouble(), 1e-12);
        Assert.Equal(1, found.GetProperty("scores").GetProperty("pointing_game").GetProperty("value").GetDouble());
        Assert.InRange(found.GetProperty("scores").GetProperty("energy_pointing_game").GetProperty("value").GetDouble(), share + 0.1, 1);

        (_, string text, _) = ProgramCall.Run([.. arguments[..^2], "--threshold", "0.5"]);
        Assert.Contains("  grad_cam: box left ", text, StringComparison.Ordinal);
        Assert.Contains("    box_iou 0.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("grabcut_iou", text, StringComparison.Ordinal);
    }

    private static SaliencyMap ReadMap(SmallRun small, string image)
    {
        Assert.Equal(0, ProgramCall.Run("explain", image, "--weights", "shapes", "--preprocessing", "squash", "--methods", "grad_cam",
            "--raw", "--out", small.Of("maps")).Code);
        (Shape shape, float[] values) = NpyFile.Read(small.Of("maps", "00001.grad_cam.npy"));
        return new SaliencyMap(shape, values);
    }

    [Theory]
    [InlineData("--threshold 1", "--threshold: 1 lies outside 0 to below 1.")]
    [InlineData("--annotations nowhere", "--annotations: there is no folder nowhere.")]
    public void A_wrong_option_is_refused(string arguments, string message)
    {
        using var small = new SmallRun();
        (int code, _, string error) = ProgramCall.Run(
            ["localize", small.ImagePath(0), "--weights", small.WeightsPath, "--out", small.Of("out"), .. arguments.Split(' ')]);
        Assert.Equal((2, message), (code, error.Trim()));
        Assert.False(Directory.Exists(small.Of("out")));
    }

    [Fact]
    public void A_dead_map_marks_nothing_and_is_no_failure()
    {
        using var small = new SmallRun(dead: true);
        (int code, string output, _) = ProgramCall.Run(
            "localize", small.ImagePath(0), "--weights", small.WeightsPath, "--target", "1", "--out", small.Of("out"));
        Assert.Equal(0, code);
        Assert.Contains("  grad_cam: the map marks nothing\n", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(small.Of("out")));
    }
}
