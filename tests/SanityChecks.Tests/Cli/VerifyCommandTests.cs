using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Compute.Cpu;
using SanityChecks.Experiments;
using SanityChecks.Experiments.Execution;
using SanityChecks.Experiments.Regression;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Randomization;
using SanityChecks.Tests.Experiments;
using SanityChecks.Tests.Experiments.Regression;

namespace SanityChecks.Tests.Cli;

public sealed class VerifyCommandTests : IClassFixture<VerifyCommandTests.Verified>, IDisposable
{
    private static readonly string[] Methods = ["methods=[grad_cam,guided_backprop]", "images.count=2"];

    private readonly Verified verified;

    private readonly SmallRun small;

    private readonly string config;

    public VerifyCommandTests(Verified verified)
    {
        this.verified = verified;
        small = verified.Small;
        config = small.Of("small.yaml");
    }

    /// <summary>A run of two images, and a baseline made from it in this process, for all of these tests; what one of them changes is put
    /// back after it.</summary>
    public sealed class Verified : IDisposable
    {
        private readonly Dictionary<string, byte[]> files;

        public Verified()
        {
            File.WriteAllText(Small.Of("small.yaml"), Small.Yaml);
            Small.Run("run", Methods);
            Baseline.OfRun(Small.Of("run"), Catalogue.Vocabulary).Write(Small.Of("reference", "small.csv"));
            files = Directory.EnumerateFiles(Small.Root, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllBytes);
        }

        internal SmallRun Small { get; } = new();

        public void Restore()
        {
            foreach (string folder in Directory.EnumerateDirectories(Small.Root))
            {
                Directory.Delete(folder, recursive: true);
            }

            foreach ((string file, byte[] content) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllBytes(file, content);
            }
        }

        public void Dispose() => Small.Dispose();
    }

    private string Against => small.Of("reference", "small.csv");

    public void Dispose() => verified.Restore();

    private (int Code, string Output, string Error) Verify(string what, params string[] arguments) =>
        ProgramCall.Run(["verify", small.Of(what), "--against", Against, .. arguments]);

    private static string[] Set(params string[] overrides) => [.. overrides.SelectMany(set => new[] { "--set", set })];

    private string Refused(string what, params string[] arguments) =>
        ProgramProcess.Refused(["verify", small.Of(what), "--against", Against, .. arguments]);

    /// <summary>Runs into a folder with a fault that the configuration does not tell.</summary>
    private void RunWith(string name, Func<Plan, Plan> fault, IEngine? engine = null)
    {
        Plan plan = small.Plan(Methods);
        using IEngine used = engine ?? new CpuEngine(2);
        var folder = new RunFolder(small.Of(name));
        folder.Claim(plan.Config, Catalogue.Vocabulary);
        new ExperimentRun(fault(plan), used, folder).Run(null, new Progress<RunProgress>(), CancellationToken.None);
    }

    /// <summary>The first line below a table's header.</summary>
    private static string FirstLine(string output) =>
        output.Split('\n').SkipWhile(line => !line.StartsWith("|--", StringComparison.Ordinal)).Skip(1).First();

    [Fact]
    public void An_untouched_rerun_has_no_drift_at_all_whatever_the_batch_and_the_threads()
    {
        (int code, string output, string error) = ProgramProcess.Run(
            ["verify", config, "--against", Against, "--out", small.Of("again"),
                .. Set([.. Methods, "images.batch=1", "output.maps=png"])]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("mean spearman to the original maps", output, StringComparison.Ordinal);
        Assert.Contains(
            $"\nNo drift: 208 scores and 104 means agree with {Against} (0 of 208 scores differ at all). Largest difference: spearman 0 of {Of("spearman")}, ssim 0 of {Of("ssim")}, ",
            output, StringComparison.Ordinal);

        RunWith("one thread", plan => plan, new CpuEngine(1));
        (code, output, error) = Verify("one thread", "--tolerance", "spearman=0", "--tolerance", "ssim=0");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith(
            $"No drift: 208 scores and 104 means agree with {Against} (0 of 208 scores differ at all).", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_rule_at_the_ReLU_is_a_drift_of_Guided_Backprop_alone()
    {
        RunWith("wrong", plan => plan, new WrongReluEngine());
        (int code, string output, string error) = Verify("wrong");
        Assert.Equal((1, ""), (code, error));
        Assert.StartsWith("scores that drifted, largest relative to its tolerance first", output.TrimStart(), StringComparison.Ordinal);
        Assert.Contains("| guided_backprop | ", FirstLine(output), StringComparison.Ordinal);
        Assert.DoesNotContain("| grad_cam", output, StringComparison.Ordinal);
        Assert.Matches(
            @"\nDrift: \d+ of 208 scores and \d+ of 104 means differ from \S+small\.csv beyond their tolerance\. Largest difference: ",
            output);
        Assert.EndsWith("If the change is meant, --update writes it into the baseline.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Grad_CAM_at_the_layer_next_to_the_right_one_is_a_drift()
    {
        RunWith("wrong", plan => plan with
        {
            CamLayer = SanityChecks.Saliency.Attribution.GradCam.LayerOf(plan.Trained.Network, "conv5_2"),
        });
        (int code, string output, _) = Verify("wrong");
        Assert.Equal(1, code);
        Assert.Contains("| grad_cam ", FirstLine(output), StringComparison.Ordinal);
        Assert.DoesNotContain("| guided_backprop", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Layers_randomized_one_step_too_late_are_a_drift(bool named)
    {
        // Either the rows tell the wrong order, or they carry on the right names.
        RunWith("wrong", plan => plan with { Steps = Late(plan) });
        (int code, string output, _) = Verify("wrong");
        Assert.Equal(1, code);

        // The last step of either cascade has the same layers random, so its scores are the same where its name is.
        Assert.Contains($"\nDrift: {(named ? "312 of 364" : "86 of 208")} scores", output, StringComparison.Ordinal);

        IReadOnlyList<RandomizationStep> Late(Plan plan)
        {
            IReadOnlyList<LayerGroup> groups = LayerSelection.Select(
                plan.Trained.Network, [.. plan.Config.Randomization.Layers], plan.Config.Randomization.Order);
            return [.. plan.Experiment.Steps([groups[^1], .. groups.SkipLast(1)], plan.Config.Experiment.Values)
                .Select((step, i) => named ? step : step with { Name = groups[i].Name })];
        }
    }

    [Fact]
    public void Another_seed_is_refused_and_found_where_it_is_not_told()
    {
        Assert.Equal(
            $"{config} cannot be compared with {Against}: seed: 4, baseline 3. --update writes a baseline of this run.",
            Refused("small.yaml", ["--out", small.Of("other"), .. Set([.. Methods, "seed=4"])]));
        Assert.False(Directory.Exists(small.Of("other")));

        RunWith("smuggled", plan => plan with { Config = plan.Config with { Seed = 4 } });
        Assert.Equal(
            $"This run cannot be compared with {Against}: seed: 4, baseline 3. --update writes a baseline of this run.",
            Refused("smuggled"));
        (Manifest.Read(small.Of("smuggled"))! with { Seed = 3 }).Write(small.Of("smuggled"));
        Assert.Equal(1, Verify("smuggled").Code);
    }

    [Fact]
    public void One_score_off_by_two_tolerances_is_on_the_first_line_and_passes_with_more_tolerance()
    {
        Baseline baseline = Baseline.Read(Against);
        ScoreRow row = baseline.Scores!.First(score => score is { Step: 3, Metric: "ssim" });
        double off = row.Value!.Value + (2 * Tolerances.Default[row.Metric]);
        (baseline with { Scores = [.. baseline.Scores!.Select(score => score == row ? score with { Value = off } : score)] })
            .Write(Against);
        (int code, string output, string error) = Verify("run");
        Assert.Equal((1, ""), (code, error));
        Assert.Matches(
            string.Create(CultureInfo.InvariantCulture, $@"^\| {row.Image} +\| +{row.Step} \| {row.Layer} +\| +{row.Draw} \| {row.Method} +\| {row.Metric} +\| +{off:0.0000000} \| +{row.Value:0.0000000} \| +-\S+ \| +{Of(row.Metric)} \|$"),
            FirstLine(output));
        Assert.Contains("Drift: 1 of 208 scores and ", output, StringComparison.Ordinal);
        Assert.Equal(0, Verify("run", "--tolerance", $"{row.Metric}=0.1").Code);
    }

    [Fact]
    public void Many_drifts_end_with_a_count_of_the_rest()
    {
        Baseline baseline = Baseline.Read(Against);
        (baseline with { Scores = [.. baseline.Scores!.Select(score => score with { Value = score.Value - 0.5 })] }).Write(Against);
        (int code, string output, _) = Verify("run");
        Assert.Equal(1, code);
        Assert.Contains("\n... and 188 more scores that drifted.\n", output, StringComparison.Ordinal);
        Assert.Contains("Drift: 208 of 208 scores and 104 of 104 means differ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_computed_earlier_is_said_to_be_so()
    {
        (int code, string output, string error) = Verify("small.yaml", ["--out", small.Of("run"), .. Set(Methods)]);
        Assert.Equal(0, code);
        Assert.Contains("nothing was computed", output, StringComparison.Ordinal);
        Assert.Matches($@"^warning: \S+run was computed earlier by version \S+ .*and is compared as it is; delete it or give --out to compute it with this program\.\n$", error);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        string[] images = [.. Manifest.Read(small.Of("run"))!.Images.Select(image => image.Name)];
        File.Copy(
            small.ImagePath(Array.IndexOf(SmallRun.Images, images[1])), small.ImagePath(Array.IndexOf(SmallRun.Images, images[0])),
            overwrite: true);
        small.Run("image", Methods);
        Assert.Contains($": images: 1 with other bytes (sha256) ({images[0]}). --update", Refused("image"), StringComparison.Ordinal);
        small.SaveWeights(value => -value);
        small.Run("weights", Methods);
        Assert.Matches(
            ": weights: narrow.safetensors with sha256 [0-9a-f]{12}, baseline narrow.safetensors with [0-9a-f]{12}; images: 1 ",
            Refused("weights"));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_one_line()
    {
        Assert.StartsWith(small.Of("reference") + ": holds no run (no config.yaml)", Refused("reference"), StringComparison.Ordinal);
        Assert.StartsWith(small.Of("no.yaml") + ": no such file", Refused("no.yaml"), StringComparison.Ordinal);
        Assert.EndsWith(
            "is a run folder: --out, --set, --engine and --libtorch go with a configuration file.", Refused("run", "--engine", "cpu"),
            StringComparison.Ordinal);
        Assert.StartsWith("--summary says what --update writes", Refused("run", "--summary"), StringComparison.Ordinal);
        Assert.StartsWith(
            "--tolerance ssimm=1: 'ssimm' is not known, nearest is 'ssim'", Refused("run", "--tolerance", "ssimm=1"),
            StringComparison.Ordinal);
        (Manifest.Read(small.Of("run"))! with { Complete = false }).Write(small.Of("run"));
        Assert.StartsWith(small.Of("run") + ": the run is not finished; ", Refused("run"), StringComparison.Ordinal);
        File.AppendAllText(Against, "broken\r\n");
        Assert.StartsWith(Against + ":210: a row has 15 cells, not 1", Refused("run"), StringComparison.Ordinal);
        Assert.StartsWith("Option '--against' is required.", ProgramProcess.Refused("verify", small.Of("run")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_writes_a_baseline_that_then_agrees_and_shows_what_changed()
    {
        byte[] csv = File.ReadAllBytes(Against), json = File.ReadAllBytes(Baseline.FactsPath(Against));
        Directory.Delete(small.Of("reference"), recursive: true);
        Assert.Equal(
            (0, $"{Against}: a new baseline.\nWrote 208 scores of 2 images to {Against}, and what decided them to {Baseline.FactsPath(Against)}.\n", ""), Verify("run", "--update"));
        Assert.Equal(csv, File.ReadAllBytes(Against));
        Assert.Equal(json, File.ReadAllBytes(Baseline.FactsPath(Against)));
        Assert.Equal(csv, small.ScoreBytes("run"));
        Assert.DoesNotContain(small.Root, File.ReadAllText(Baseline.FactsPath(Against)), StringComparison.Ordinal);

        (int code, string output, _) = Verify("small.yaml", ["--update", "--out", small.Of("other"), .. Set([.. Methods, "seed=4"])]);
        Assert.Equal(0, code);
        Assert.Contains("another run than the baseline's: seed: 4, baseline 3\n", output, StringComparison.Ordinal);
        Assert.Matches(
            @"\nDrift: \d+ of \d+ scores and \d+ of 104 means differ from the old \S+small\.csv beyond their tolerance\.", output);
        Assert.Equal(0, Verify("other").Code);
        Assert.Equal(2, Verify("run").Code);
    }

    [Fact]
    public void A_summary_stays_a_summary_and_takes_damage_for_a_new_baseline()
    {
        Assert.Equal(0, Verify("run", "--update", "--summary").Code);
        Assert.Equal(File.ReadAllBytes(small.Of("run", "summary.csv")), File.ReadAllBytes(Against));
        Assert.StartsWith(
            $"No drift: 104 means agree with {Against} (0 of 104 means differ at all).", Verify("run").Output, StringComparison.Ordinal);

        RunWith("wrong", plan => plan, new WrongReluEngine());
        (int code, string output, _) = Verify("wrong");
        Assert.Equal(1, code);
        Assert.Contains("| guided_backprop | ", FirstLine(output), StringComparison.Ordinal);

        File.Delete(Baseline.FactsPath(Against));
        output = Verify("run", "--update").Output;
        Assert.StartsWith(
            $"The old baseline cannot be compared: {Baseline.FactsPath(Against)}: no such file;", output, StringComparison.Ordinal);
        Assert.Contains("\nWrote 104 means of 2 images to ", output, StringComparison.Ordinal);
        Assert.Equal(0, Verify("run").Code);
    }

    private static string Of(string metric) => Tolerances.Default[metric].ToString("G3", CultureInfo.InvariantCulture);
}
