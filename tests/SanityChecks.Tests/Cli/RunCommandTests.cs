using System.Diagnostics;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Execution;
using SanityChecks.RunFiles;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    private static readonly string[] Long =
        ["images.count=3", "images.batch=1", "randomization.layers=all", "methods=[grad_cam,gradient]", "metrics=[spearman]"];

    private readonly SmallRun small = new();

    private readonly string config;

    public RunCommandTests()
    {
        config = small.Of("small.yaml");
        File.WriteAllText(config, small.Yaml);
    }

    public void Dispose() => small.Dispose();

    private string[] Arguments(string name, params string[] overrides) =>
        ["--config", config, "--out", small.Of(name), .. overrides.SelectMany(set => new[] { "--set", set })];

    private string Refused(params string[] arguments)
    {
        string line = ProgramProcess.Refused(["--config", config, "--out", small.Of("run"), .. arguments]);
        Assert.False(Directory.Exists(small.Of("run")));
        return line;
    }

    [Fact]
    public void A_run_ends_with_its_means_and_where_to_look()
    {
        (int code, string output, string error) = ProgramProcess.Run(Arguments("run", "output.maps=png", "output.maps_for_images=1"));
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("Do the maps change when the layers are randomized one after another?\n", output, StringComparison.Ordinal);
        Assert.Contains("mean spearman to the original maps", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\W*0 *\W +nothing *\W +1\.000 *\W +4 of 4", output);
        Assert.Matches(@"(?m)^\W*3 *\W +conv2_1 *\W +-?0\.\d{3} *\W +4 of 4", output);
        Assert.Contains("Scored 4 images now.\n", output, StringComparison.Ordinal);
        Assert.Contains(small.Of("run", "scores.csv"), output, StringComparison.Ordinal);
        Assert.Contains(small.Of("run", "charts", "ssim.svg"), output, StringComparison.Ordinal);
        Assert.Contains(small.Of("run", "maps", "n01440764-a.png"), output, StringComparison.Ordinal);

        small.Run("in process");
        Assert.Equal(small.ScoreBytes("in process"), small.ScoreBytes("run"));
        (code, output, error) = ProgramCall.Run(Arguments("run", "output.maps=png", "output.maps_for_images=1"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"This run is complete already; nothing was computed. To run it again, delete {small.Of("run")} or give another folder with --out.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_says_what_would_be_computed_and_makes_nothing()
    {
        (int code, string output, string error) = ProgramCall.Run(["--dry-run", .. Arguments("run", "randomization.draws=2")]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(
            "images: n01440764/a.png, n01440764/b, c.png, n01443537/=d.png, n01484850/e.png\n", output, StringComparison.Ordinal);
        Assert.Contains("steps: 00-original, 01-fc8, 02-conv5_3, 03-conv2_1\n", output, StringComparison.Ordinal);
        Assert.Contains(
            "4 networks for each image and draw, 2 images at a time; scores.csv will have 616 rows. Nothing was computed.\n", output,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(small.Of("run")));
        Assert.Equal(
            "warning: 9 images of n01440764, n01443537, n01484850 were asked for, but only 4 are there; all are taken\n",
            ProgramCall.Run(["--dry-run", .. Arguments("run", "images.count=9")]).Error);
    }

    [Fact]
    public void A_killed_run_goes_on_to_the_same_bytes()
    {
        small.Run("whole", Long);
        using (Process process = ProgramProcess.Start(Arguments("run", Long)))
        {
            WaitForRows(process);
            process.Kill();
            process.WaitForExit();
        }

        int finished = small.Scores("run").Select(row => row.Image).Distinct().Count();
        Assert.InRange(finished, 1, 2);
        (int code, string output, _) = ProgramProcess.Run(Arguments("run", Long));
        Assert.Equal(0, code);
        Assert.Contains($"Scored {3 - finished} images now.", output, StringComparison.Ordinal);
        Assert.Equal(small.ScoreBytes("whole"), small.ScoreBytes("run"));
        Assert.Equal(File.ReadAllBytes(small.Of("whole", "summary.csv")), File.ReadAllBytes(small.Of("run", "summary.csv")));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void An_interrupted_run_says_that_it_goes_on_and_keeps_whole_images(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        using Process process = ProgramProcess.Start(Arguments("run", Long));
        WaitForRows(process);
        using (Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        (int code, _, string error) = ProgramProcess.End(process);
        Assert.Equal((130, "Stopping as soon as what is finished is safe; the same signal again stops at once.\nInterrupted. What was finished is kept; the same command goes on from there.\n"), (code, error));
        Assert.All(small.Scores("run").CountBy(row => row.Image), image => Assert.Equal(2 * 17, image.Value));
    }

    [Fact]
    public void A_run_folder_that_is_in_use_is_refused()
    {
        new RunFolder(small.Of("run")).Claim(small.Config(), Catalogue.Vocabulary);
        using ScoresFile held = ScoresFile.Open(small.Of("run", "scores.csv"), small.Plan().RowsOf);
        (int code, _, string error) = ProgramProcess.Run(Arguments("run"));
        Assert.StartsWith(
            $"{small.Of("run", "scores.csv")} is in use: is another run writing to this folder?", error, StringComparison.Ordinal);
        Assert.Equal(2, code);
    }

    [Fact]
    public void An_unreadable_image_is_named_on_standard_error()
    {
        File.WriteAllText(small.ImagePath(0), "no picture");
        (int code, _, string error) = ProgramCall.Run(Arguments("run"));
        Assert.Equal(0, code);
        Assert.StartsWith("skipped: n01440764/a.png: the file is ", error, StringComparison.Ordinal);
        (code, _, error) = ProgramCall.Run(["--strict", .. Arguments("strict")]);
        Assert.Equal(2, code);
        Assert.StartsWith($"The image {small.ImagePath(0)} cannot be read: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nonsense", "Unrecognized command or argument '--nonsense'. --help shows examples.")]
    [InlineData("--set randomisation.draws=2", "--set randomisation.draws=2: randomisation: unknown key, nearest is 'randomization'")]
    [InlineData("--set methods=[grad_kam]", "--set methods=[grad_kam]: methods: ")]
    [InlineData("--set randomization.layers=[conv9_1]", "--set randomization.layers=[conv9_1]: randomization.layers: vgg16 has no layer or block 'conv9_1' with weights; its layers are fc8, fc7, ")]
    [InlineData("--set layer=fc8", "--set layer=fc8: layer: Grad-CAM needs a layer with rows and columns, which fc8 has not; the layers are conv1_1, ")]
    [InlineData("--set target=10", "--set target=10: target: the network has 10 classes, 0 to 9, not 10")]
    [InlineData("--set target=tabby", "--set target=tabby: target: the network's 10 classes have no names: ")]
    [InlineData("--set images.synset=n02085936", "images.synset: 'n02085936' is not among the 3 synsets in ")]
    [InlineData("--set model.weights=no/such.pth", "no/such.pth: there is no such weight file")]
    [InlineData("--set model.architecture=squeezenet1_1", "narrow.safetensors: these are vgg16's weights, not squeezenet1_1's; choose the architecture vgg16")]
    [InlineData("--set images.root=no/such/folder", "images.root: the folder 'no/such/folder' does not exist (looked for ")]
    [InlineData("--engine gpu", "--engine gpu: engine.name: 'gpu' is not known, nearest is 'cpu'; allowed: auto, torch")]
    public void Wrong_input_is_one_line_that_says_what_is_right(string arguments, string beginning) =>
        Assert.Contains(beginning, Refused(arguments.Split(' ')), StringComparison.Ordinal);

    [Fact]
    public void A_wrong_key_in_the_file_is_named_with_its_line()
    {
        File.AppendAllText(config, "\nstrickt: true\n");
        Assert.StartsWith(
            $"{config}:10: strickt: unknown key, nearest is 'strict'; allowed at the top: experiment, protocol, seed, ", Refused(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_configuration_is_named()
    {
        Assert.StartsWith("no/such.yaml: ", ProgramProcess.Refused("--config", "no/such.yaml"), StringComparison.Ordinal);
        Assert.Equal("Give an experiment with --config FILE, or a command; --help shows examples.", ProgramProcess.Refused());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_fails_the_run()
    {
        File.WriteAllText(small.Of("file"), "in the way");
        (int code, _, string error) = ProgramProcess.Run(Arguments("file/run"));
        Assert.Equal(1, code);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains(small.Of("file"), error, StringComparison.Ordinal);
    }

    private void WaitForRows(Process process)
    {
        // Its length alone: the run holds the file, and only one image takes longer than a look.
        var file = new FileInfo(small.Of("run", "scores.csv"));
        for (; !process.HasExited && !(file.Exists && file.Length > 2000); file.Refresh())
        {
            Thread.Sleep(2);
        }

        Assert.False(process.HasExited, "the run ended before it could be stopped");
    }
}
