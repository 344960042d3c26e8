using System.Globalization;
using SanityChecks.Experiments.Regression;
using SanityChecks.RunFiles;
using Spectre.Console;

namespace SanityChecks.Cli;

/// <summary>What a person sees of a comparison: tables of drifts, and one line that says how it ended.</summary>
internal static class DriftReport
{
    private const int MostLines = 20;

    // The longest file name of ImageNet, the longest layer's and two statuses side by side.
    private const int Width = 200;

    /// <summary>Prints what is beyond tolerance, scores before their means; nothing where nothing is.</summary>
    public static void Print(Comparison comparison)
    {
        IAnsiConsole console = RunDisplay.ForTables(Width);
        if (comparison.Scores is { Drifts.Count: > 0 } scores)
        {
            Print(console, "scores that drifted", scores.Drifts, withImages: true);
        }

        if (comparison.Means.Drifts.Count > 0)
        {
            Print(console, "means that drifted", comparison.Means.Drifts, withImages: false);
        }
    }

    /// <summary>One line: whether anything drifted, how many rows were compared, and the largest difference of each metric.</summary>
    public static string Verdict(Comparison comparison, string against)
    {
        (string Noun, TableComparison Table)[] tables = comparison.Scores is { } scores
            ? [("scores", scores), ("means", comparison.Means)]
            : [("means", comparison.Means)];
        string largest = "Largest difference: " + string.Join(", ", tables[0].Table.Largest.Values.Select(Largest)) + ".";
        return comparison.HasDrift
            ? $"Drift: {string.Join(" and ", tables.Select(table => Count(table.Table.Drifted, table)))} differ from {against} beyond their tolerance. {largest}"
            : $"No drift: {string.Join(" and ", tables.Select(table => string.Create(CultureInfo.InvariantCulture, $"{table.Table.Rows} {table.Noun}")))} agree with {against}"
                + $" ({Count(tables[0].Table.Changed, tables[0])} differ at all). {largest}";

        static string Count(int some, (string Noun, TableComparison Table) of) =>
            string.Create(CultureInfo.InvariantCulture, $"{some} of {of.Table.Rows} {of.Noun}");

        static string Largest(Drift drift) => $"{drift.Row.Metric} {Difference(drift).TrimStart('+', '-')} of {Tolerance(drift)}";
    }

    /// <summary>What wrote a run: program, engine, instruction set or device.</summary>
    public static string Origin(BaselineFacts facts) =>
        $"{Manifest.ProgramOf(facts.Version, facts.Commit)}, engine {facts.Engine.Name} ({facts.Engine.Description})";

    private static void Print(IAnsiConsole console, string title, IReadOnlyList<Drift> drifts, bool withImages)
    {
        Table table = new Table().Border(Console.IsOutputRedirected ? TableBorder.Ascii2 : TableBorder.Simple)
            .Title(title + ", largest relative to its tolerance first");
        string[] names = withImages ? ["image", "step", "layer", "draw", "method", "metric"] : ["step", "layer", "method", "metric", "of"];
        foreach (string name in names)
        {
            table.AddColumn(name is "step" or "draw" ? new TableColumn(name).RightAligned() : new TableColumn(name));
        }

        foreach (string name in (string[])["baseline", "now", "difference", "tolerance"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (Drift drift in drifts.Take(MostLines))
        {
            RowPlace row = drift.Row;
            string step = row.Step.ToString(CultureInfo.InvariantCulture), layer = row.Layer.Length == 0 ? "nothing" : row.Layer;
            string metric = row.Metric + (row.Resolution == "input" ? "" : $" at {row.Resolution}")
                + (row.Reference == ScoreRow.Original ? "" : $" to {row.Reference}");
            string[] cells = withImages
                ? [row.Image ?? "", step, layer, row.Draw?.ToString(CultureInfo.InvariantCulture) ?? "", row.Method, metric]
                : [step, layer, row.Method, metric, drift.Quantity];
            string named = drift.Quantity is "target" or "label" ? drift.Quantity + " " : "";
            table.AddRow(
                [.. cells.Concat([named + drift.Baseline, named + drift.Now, Difference(drift), Tolerance(drift)]).Select(Markup.Escape)]);
        }

        console.Write(table);
        if (drifts.Count > MostLines)
        {
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"... and {drifts.Count - MostLines} more {title}."));
        }
    }

    private static string Difference(Drift drift) => drift.Difference switch
    {
        null => "",
        0 => "0",
        double difference => difference.ToString("+0.0E+0;-0.0E+0", CultureInfo.InvariantCulture),
    };

    private static string Tolerance(Drift drift) => drift.Tolerance?.ToString("G3", CultureInfo.InvariantCulture) ?? "";
}
