using SanityChecks.Experiments.Execution;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Experiments.Execution;

public sealed class UnreadableImageTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    private void Damage(params int[] images)
    {
        foreach (int image in images)
        {
            File.WriteAllBytes(small.ImagePath(image), File.ReadAllBytes(small.ImagePath(image))[..100]);
        }
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_skipped_and_named()
    {
        small.Run("without", "images.source=list", $"images.paths=['{small.ImagePath(1)}']");
        Damage(0, 2);
        RunResult result = small.Run("run", "references=[original,other_image]");
        Assert.Equal([SmallRun.Images[1], SmallRun.Images[3]], small.Scores("run").Select(row => row.Image).Distinct());
        Assert.Equal(2, result.Scored);
        Assert.All(result.Statistics.Summary, row => Assert.Equal(2, row.N + row.Undefined));
        Manifest manifest = Manifest.Read(small.Of("run"))!;
        Assert.True(manifest.Complete);
        Assert.Equal(result.Skipped, manifest.Skipped);
        Assert.Equal([SmallRun.Images[0], SmallRun.Images[2]], manifest.Skipped.Select(skipped => skipped.Name));
        Assert.All(manifest.Skipped, skipped => Assert.NotEmpty(skipped.Reason));
        Assert.Equal(SmallRun.Images, manifest.Images.Select(image => image.Name));
        Assert.Equal(
            small.Scores("without").Select(row => row.Value),
            small.Scores("run").Where(row => row.Image == SmallRun.Images[1] && row.Reference == ScoreRow.Original)
                .Select(row => row.Value));

        // The next that can be read stands for another image: of two, each for the other.
        double?[] others = [.. small.Scores("run").Where(row => row is { Step: 0, Metric: "ssim", Reference: ScoreRow.OtherImage })
            .Select(row => row.Value)];
        Assert.Equal(2, others.Length);
        Assert.Equal(others[0]!.Value, others[1]!.Value, 1e-12);

        RunResult again = small.Run("run", "references=[original,other_image]");
        Assert.True(again.AlreadyComplete);
        Assert.Equal(result.Skipped, again.Skipped);
    }

    [Fact]
    public void Its_reason_names_no_folder_of_this_machine()
    {
        File.Delete(small.ImagePath(2));
        File.CreateSymbolicLink(small.ImagePath(2), small.Of("gone.png"));
        SkippedImage skipped = Assert.Single(small.Run("run").Skipped);
        Assert.Equal(SmallRun.Images[2], skipped.Name);
        Assert.DoesNotContain(small.Root, skipped.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(small.Root, File.ReadAllText(small.Of("run", Manifest.FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public void It_takes_no_place_among_the_images_with_maps()
    {
        Damage(0);
        small.Run("run", "output.maps=png", "metrics=[spearman]", "images.batch=1");
        Assert.Equal(
            ["n01440764-b, c.png", "n01443537-=d.png"],
            Directory.EnumerateFiles(small.Of("run", "maps")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_resumed_run_skips_it_again()
    {
        Damage(1);
        small.Run("whole");
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => small.Run("run", null, progress => CancelAt(progress), stop.Token));
        RunResult result = small.Run("run");
        Assert.Equal(SmallRun.Images[1], Assert.Single(result.Skipped).Name);
        Assert.Equal(small.ScoreBytes("whole"), small.ScoreBytes("run"));

        void CancelAt(RunProgress progress)
        {
            if (progress.Images > 0)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void A_strict_run_stops_at_it()
    {
        Damage(3);
        string message = Assert.Throws<InputException>(() => small.Run("run", "strict=true")).Message;
        Assert.StartsWith($"The image {small.ImagePath(3)} cannot be read: ", message, StringComparison.Ordinal);
        Assert.Contains("strict: true", message, StringComparison.Ordinal);
        Assert.Equal(2, small.Scores("run").Select(row => row.Image).Distinct().Count());
        Assert.False(Manifest.Read(small.Of("run"))!.Complete);
    }

    [Fact]
    public void A_run_whose_images_all_cannot_be_read_is_an_error_and_not_complete()
    {
        Damage(0, 1, 2, 3);
        string message = Assert.Throws<InputException>(() => small.Run("run")).Message;
        Assert.StartsWith($"None of the 4 images could be read; the first: {SmallRun.Images[0]}: ", message, StringComparison.Ordinal);
        Assert.False(Manifest.Read(small.Of("run"))!.Complete);
        Assert.False(File.Exists(small.Of("run", "summary.csv")));
    }

    [Fact]
    public void An_image_without_a_class_cannot_be_explained_by_its_label()
    {
        File.Move(small.ImagePath(0), Path.Combine(small.ImagesPath, "unlabelled.png"));
        string message = Assert.Throws<InputException>(() => small.Run("run", "target=label", "images.source=folder")).Message;
        Assert.StartsWith("unlabelled.png has no known class", message, StringComparison.Ordinal);
    }
}
