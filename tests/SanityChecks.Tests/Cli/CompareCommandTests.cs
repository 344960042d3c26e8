using SanityChecks.RunFiles;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Cli;

/// <summary>Finished runs beside each other.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    [Fact]
    public void Two_runs_are_in_one_table_and_one_chart_with_what_differs_between_them()
    {
        small.Run("one", "methods=[grad_cam,gradient]");
        small.Run("two", "methods=[grad_cam]", "randomization.initializer=pytorch_default");
        (int code, string output, string error) =
            ProgramCall.Run(["compare", small.Of("one"), small.Of("two"), "--out", small.Of("both")]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("randomization.initializer: he_normal in one, pytorch_default in two\n", output, StringComparison.Ordinal);
        Assert.Contains("| Grad-CAM | ", output, StringComparison.Ordinal);
        Assert.Matches(@"\| Gradient \| +[^|]+\| +- +\|", output);
        Assert.Equal(
            ["comparison.csv", "spearman.png", "spearman.svg", "ssim.png", "ssim.svg"],
            Directory.EnumerateFiles(small.Of("both")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        string[][] rows = [.. File.ReadAllLines(small.Of("both", "comparison.csv")).Select(line => line.Split(','))];
        Assert.Equal(
            ["run grad", "one grad_cam spearman", "one grad_cam ssim", "one gradient spearman", "one gradient ssim",
                "two grad_cam spearman", "two grad_cam ssim"],
            rows.Select((row, i) => i == 0 ? "run grad" : $"{row[0]} {row[2]} {row[3]}"));
        CurveRow curve = CsvFile.Rows(small.Of("two", "curves.csv"), CurveRow.Columns, CurveRow.Parse).First().Row;
        Assert.Equal([CellText.Of(curve.Area), CellText.Of(curve.AreaLow), CellText.Of(curve.AreaHigh)], rows[5][8..11]);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));

        byte[] chart = File.ReadAllBytes(small.Of("both", "spearman.svg"));
        Assert.Equal(0, ProgramCall.Run(["compare", small.Of("one"), small.Of("two"), "--out", small.Of("both")]).Code);
        Assert.Equal(chart, File.ReadAllBytes(small.Of("both", "spearman.svg")));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_one_line()
    {
        small.Run("one");
        Assert.StartsWith(
            "Give two or more run folders to compare.", ProgramProcess.Refused("compare", small.Of("one")), StringComparison.Ordinal);
        Assert.Contains(" is given twice.", ProgramProcess.Refused("compare", small.Of("one"), small.Of("one")), StringComparison.Ordinal);
        Assert.StartsWith(
            small.Of("none") + ": holds no run (no config.yaml).", ProgramProcess.Refused("compare", small.Of("one"), small.Of("none")),
            StringComparison.Ordinal);
        (Manifest.Read(small.Of("one"))! with { Complete = false }).Write(small.Of("one"));
        Assert.StartsWith(
            small.Of("one") + ": the run is not finished", ProgramProcess.Refused("compare", small.Of("one"), small.Root),
            StringComparison.Ordinal);
    }
}
