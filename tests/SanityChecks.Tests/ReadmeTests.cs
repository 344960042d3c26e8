using System.Globalization;
using System.Text.RegularExpressions;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Tests;

/// <summary>What the README shows of the default run is what the committed baseline has.</summary>
public partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "README.md"));

    private static readonly IReadOnlyList<SummaryRow> Baseline = SummaryFile.Read(Reference("cascade.csv"));

    [Fact]
    public void The_table_of_the_first_screen_is_that_of_the_baseline()
    {
        string[] methods = ["grad_cam", "guided_grad_cam", "guided_backprop"];
        Match[] rows = [.. TableRow().Matches(Text).Cast<Match>()];
        Assert.True(rows.Length >= 8, "the table is gone");
        Assert.All(rows, row =>
        {
            int step = int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture);
            SummaryRow[] expected = [.. methods.Select(method => Of(method, "spearman", ScoreRow.Original, step))];
            Assert.Equal(expected[0].Layer.Length == 0 ? "nothing" : expected[0].Layer, row.Groups[2].Value);
            Assert.Equal(
                expected.Select(one => one.Mean!.Value.ToString("0.000", CultureInfo.InvariantCulture)),
                Enumerable.Range(3, 3).Select(cell => row.Groups[cell].Value));
            Assert.Equal(
                string.Join('/', expected.Select(one => one.N).Distinct().Order()) + $" of {expected[0].N + expected[0].Undefined}",
                row.Groups[6].Value);
        });
    }

    /// <summary>The sentences are those of the committed verdict, whose numbers are those of the baseline.</summary>
    [Fact]
    public void The_verdict_of_the_first_screen_is_that_of_the_baseline()
    {
        var verdict = RecordFile.Read<VerdictRecord>(Reference("cascade.verdict.json"));
        string plain = Spaces().Replace(Text, " ");
        Assert.All(verdict!.Methods, method => Assert.Contains(method.Sentence, plain, StringComparison.Ordinal));
        Assert.All(verdict.Methods.SelectMany(method => method.Metrics.Select(metric => (method, metric))), one =>
        {
            SummaryRow row = Of(one.method.Method, one.metric.Metric, ScoreRow.Original, one.metric.Step);
            SummaryRow other = Of(one.method.Method, one.metric.Metric, ScoreRow.OtherImage, one.metric.Step);
            Assert.Equal(new Estimate(row.Mean, row.CiLow, row.CiHigh), one.metric.Original);
            Assert.Equal(new Estimate(row.MeanAbs, row.AbsLow, row.AbsHigh), one.metric.Absolute);
            Assert.Equal(new Estimate(other.Mean, other.CiLow, other.CiHigh), one.metric.NullLevel);
            Assert.Equal((row.N, row.Undefined, row.Draws), (one.metric.N, one.metric.Undefined, one.metric.Draws));
        });
    }

    private static string Reference(string name) => Path.Combine(SharedFolder.RepositoryRoot, "results", "reference", name);

    private static SummaryRow Of(string method, string metric, string reference, int step) => Baseline.Single(row =>
        row.Step == step && row.Method == method && row.Metric == metric && row.Reference == reference && row.Resolution == "input");

    [GeneratedRegex(@"^\| +(\d+) \| (\S+) +\| +(\S+) \| +(\S+) \| +(\S+) \| +(\S+ of \d+) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
