using SanityChecks.Experiments.Execution;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>Runs that stop in the middle, and runs that are started again.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Networks = 3, AllNetworks = 4;

    private static readonly string[] WithMaps =
        ["output.maps=npy", "output.maps_for_images=3", "metrics=[spearman]", "randomization.layers=[fc8,conv5_3]"];

    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    /// <summary>Stops a run while so many networks have been reported.</summary>
    private void Interrupt(string name, int networks, params string[] overrides)
    {
        using var stop = new CancellationTokenSource();
        int reported = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => small.Run(name, null, _ => Stop(), stop.Token, overrides));

        void Stop()
        {
            if (++reported == networks)
            {
                stop.Cancel();
            }
        }
    }

    private string Refused(params string[] overrides)
    {
        Dictionary<string, string> before = Contents("run");
        string message = Assert.ThrowsAny<InputException>(() => small.Run("run", overrides)).Message;
        Assert.Equal(before, Contents("run"));
        Assert.Contains(small.Of("run"), message, StringComparison.Ordinal);
        Assert.Contains("--out", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    /// <summary>Bytes and time of each file.</summary>
    private Dictionary<string, string> Contents(string name, bool times = true) => Directory
        .EnumerateFiles(small.Of(name), "*", SearchOption.AllDirectories)
        .ToDictionary(
            file => Path.GetRelativePath(small.Of(name), file),
            file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))
                + (times ? $" {File.GetLastWriteTimeUtc(file):O}" : ""));

    [Theory]
    [InlineData(1, 0, "npy")]
    [InlineData(Networks + 1, 2, "both")]
    [InlineData((2 * Networks) - 1, 2, "npy")]
    public void An_interrupted_run_goes_on_where_it_stopped_to_the_very_files_of_an_uninterrupted_one(
        int networks, int finished, string maps)
    {
        string[] overrides = [.. WithMaps, $"output.maps={maps}"];
        small.Run("whole", overrides);
        Interrupt("run", networks, overrides);
        Assert.Equal(finished, small.Scores("run").Select(row => row.Image).Distinct().Count());
        Assert.False(Manifest.Read(small.Of("run"))!.Complete);

        var told = new List<RunProgress>();
        RunResult result = small.Run("run", null, told.Add, CancellationToken.None, overrides);
        Assert.Equal((false, 4 - finished), (result.AlreadyComplete, result.Scored));
        Assert.Equal((4 - finished) / 2 * Networks, told.Count);
        Assert.All(
            told, progress =>
                Assert.Equal(((4 - finished), (4 - finished) * Networks), (progress.TotalImages, (int)progress.TotalExplanations)));
        Assert.Equal(told[^1].TotalExplanations, told[^1].Explanations);
        Assert.Equal("the trained network", told[0].Now);

        Dictionary<string, string> whole = Contents("whole", times: false), resumed = Contents("run", times: false);
        Assert.True(whole.Remove(Manifest.FileName) & resumed.Remove(Manifest.FileName));
        Assert.Equal(whole, resumed);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(AllNetworks + 2, 2)]
    [InlineData((2 * AllNetworks) + 1, 4)]
    [InlineData((4 * AllNetworks) - 1, 6)]
    public void A_run_of_several_draws_goes_on_after_the_last_unit_whatever_the_batch(int networks, int finished)
    {
        small.Run("whole", "randomization.draws=2", "images.batch=3");
        Interrupt("run", networks, "randomization.draws=2");
        Assert.Equal(finished, small.Scores("run").Select(row => Unit.OfRow(row.Image, row.Draw)).Distinct().Count());
        Assert.Equal(8 - finished, small.Run("run", "randomization.draws=2").Scored);
        Assert.Equal(small.ScoreBytes("whole"), small.ScoreBytes("run"));
    }

    [Fact]
    public void A_run_of_a_version_that_left_out_the_experiments_words_gets_its_charts_anew()
    {
        small.Run("run");
        (Manifest.Read(small.Of("run"))! with { Experiment = null }).Write(small.Of("run"));
        Directory.Delete(small.Of("run", "charts"), recursive: true);
        RunResult again = small.Run("run");
        Assert.False(again.AlreadyComplete);
        Assert.All(again.Charts, chart => Assert.True(File.Exists(chart)));
        Assert.NotNull(Manifest.Read(small.Of("run"))!.Experiment);
    }

    [Fact]
    public void The_manifest_tells_every_session()
    {
        Interrupt("run", AllNetworks + 1);
        Assert.Equal([2], Manifest.Read(small.Of("run"))!.Sessions.Select(session => session.Images));
        small.Run("run");
        Assert.Equal([2, 2], Manifest.Read(small.Of("run"))!.Sessions.Select(session => session.Images));
    }

    [Fact]
    public void A_torn_row_is_computed_again()
    {
        small.Run("run");
        byte[] whole = small.ScoreBytes("run");
        File.WriteAllBytes(small.Of("run", "scores.csv"), whole[..^9]);
        (Manifest.Read(small.Of("run"))! with { Complete = false }).Write(small.Of("run"));
        Assert.Equal(1, small.Run("run").Scored);
        Assert.Equal(whole, small.ScoreBytes("run"));
    }

    [Fact]
    public void A_complete_run_is_left_alone()
    {
        RunResult first = small.Run("run", WithMaps);
        Dictionary<string, string> before = Contents("run");
        RunResult again = small.Run("run", null, _ => Assert.Fail("nothing is computed"), CancellationToken.None, WithMaps);
        Assert.True(again.AlreadyComplete);
        Assert.Equal(0, again.Scored);
        Assert.Equal(before, Contents("run"));
        Assert.Equal(first.Statistics.Summary, again.Statistics.Summary);
        Assert.Equal(first.Charts, again.Charts);
        Assert.Equal(first.Grids, again.Grids);
    }

    [Theory]
    [InlineData("summary.csv")]
    [InlineData("charts/ssim.svg")]
    public void A_result_that_was_deleted_is_made_again_from_the_scores(string file)
    {
        small.Run("run", "images.count=1");
        byte[] before = File.ReadAllBytes(small.Of("run", file));
        File.Delete(small.Of("run", file));
        RunResult result = small.Run("run", null, _ => Assert.Fail("nothing is computed"), CancellationToken.None, "images.count=1");
        Assert.Equal(before, File.ReadAllBytes(small.Of("run", file)));
        Assert.Equal(0, result.Scored);
        Assert.Equal([1, 0], Manifest.Read(small.Of("run"))!.Sessions.Select(session => session.Images));
    }

    [Fact]
    public void A_report_that_was_deleted_is_made_again()
    {
        string report = small.Run("run", "images.count=1").Report;
        File.Delete(report);
        RunResult again = small.Run("run", null, _ => Assert.Fail("nothing is computed"), CancellationToken.None, "images.count=1");
        Assert.Equal((false, 0, report), (again.AlreadyComplete, again.Scored, again.Report));
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(report), StringComparison.Ordinal);
        Assert.True(small.Run("run", "images.count=1").AlreadyComplete);
    }

    [Fact]
    public void A_chart_of_one_family_that_was_deleted_is_made_again()
    {
        string[] overrides =
        [
            "images.count=1", "randomization.layers=[fc8]", "metrics=[ssim]",
            "methods=[grad_cam, xgrad_cam, hires_cam, layer_cam, eigen_cam, mean_activation, gradient, input_x_gradient, sobel, input, random_map]",
        ];
        string[] charts = ["ssim.class_activation.svg", "ssim.gradients.svg"];
        Assert.Equal(charts, small.Run("run", overrides).Charts.Select(Path.GetFileName));
        Assert.True(small.Run("run", overrides).AlreadyComplete);
        byte[] before = File.ReadAllBytes(small.Of("run", "charts", charts[1]));
        File.Delete(small.Of("run", "charts", charts[1]));
        Assert.False(small.Run("run", overrides).AlreadyComplete);
        Assert.Equal(before, File.ReadAllBytes(small.Of("run", "charts", charts[1])));
    }

    [Fact]
    public void Another_configuration_is_refused_with_what_differs_and_both_ways_out()
    {
        Interrupt("run", 1);
        string message = Refused("seed=4", "metrics=[ssim]");
        Assert.Contains("seed: 4, other 3", message, StringComparison.Ordinal);
        Assert.Contains("metrics: [ssim], other [spearman, ssim]", message, StringComparison.Ordinal);
        Assert.Contains("delete that one", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_that_changed_are_refused(bool complete)
    {
        Begin(complete);
        small.SaveWeights(value => -value);
        Assert.Contains("the weights narrow.safetensors changed", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_that_changed_is_refused(bool complete)
    {
        Begin(complete);
        File.Copy(small.ImagePath(0), small.ImagePath(2), overwrite: true);
        Assert.Contains($"the images ({SmallRun.Images[2]}) changed", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_was_added_is_refused()
    {
        Interrupt("run", 1, "images.count=9");
        File.Copy(small.ImagePath(0), Path.Combine(small.ImagesPath, SmallRun.Shark, "f.png"));
        Assert.Contains($"the images ({SmallRun.Shark}/f.png) changed", Refused("images.count=9"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_other_files_is_refused_and_an_empty_one_is_taken()
    {
        string run = Directory.CreateDirectory(small.Of("run")).FullName;
        File.WriteAllText(Path.Combine(run, "thesis.txt"), "years of work");
        Assert.Contains("is not empty and holds no run", Refused(), StringComparison.Ordinal);
        File.Delete(Path.Combine(run, "thesis.txt"));
        Interrupt("run", 1);
    }

    [Fact]
    public void A_run_that_was_killed_before_its_configuration_was_whole_begins_anew()
    {
        Directory.CreateDirectory(small.Of("run"));
        File.WriteAllText(small.Of("run", "config.yaml.part"), "experiment: casc");
        small.Run("run", "images.count=1");
        Assert.Empty(Directory.EnumerateFiles(small.Of("run"), "*.part"));
    }

    private void Begin(bool complete)
    {
        if (complete)
        {
            small.Run("run");
        }
        else
        {
            Interrupt("run", AllNetworks + 1);
        }
    }
}
