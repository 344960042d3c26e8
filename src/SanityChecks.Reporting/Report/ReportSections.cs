using System.Globalization;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Reporting.Report;

/// <summary>The parts of the page that need no script.</summary>
/// <param name="manifest">The run's.</param>
/// <param name="experiment">The experiment in its own words.</param>
internal sealed class ReportSections(Manifest manifest, ExperimentRecord experiment)
{
    private static readonly string[] MapCounts =
        [Health.DeadMaps, Health.ConstantMaps, Health.NonFiniteMaps, Health.NonFiniteWithNetwork];

    /// <summary>What was run, in a line.</summary>
    /// <param name="scores">Images and draws.</param>
    public string Extent(ReportScores scores)
    {
        string of = manifest.Synsets.Count switch
        {
            0 => "",
            1 => $" of {ImageNetClasses.FromWnid(manifest.Synsets[0])?.Name ?? manifest.Synsets[0]}",
            _ => Invariant($" of {manifest.Synsets.Count} classes"),
        };
        string draws = scores.Draws <= 1 ? "1 draw of random weights: no interval over draws" : Invariant($"{scores.Draws} draws of random weights");
        return Html.Text(Invariant(
            $"{Count(scores.All, "image")}{of}, {Count(manifest.Methods.Count, "method")}, {Count(scores.Steps.Count - 1, "step")}, {draws}; weights {manifest.Weights.Name}"));
    }

    /// <summary>The verdict of each method, then of each metric.</summary>
    public static string Verdicts(VerdictRecord verdict)
    {
        IEnumerable<string> methods = verdict.Methods.Select(method =>
        {
            string claim = $"{method.Title} {OutcomeWords.Of(method.Outcome)}";
            string rest = method.Sentence.StartsWith(claim, StringComparison.Ordinal) ? method.Sentence[claim.Length..] : method.Sentence;
            string notes = method.Notes.Count == 0
                ? ""
                : $"<ul>{string.Concat(method.Notes.Select(note => $"<li>{Html.Text(note)}</li>"))}</ul>";
            return $"<article class=\"verdict {method.Outcome.Word()}\"><p><strong>{Html.Text(claim)}</strong>{Html.Text(rest)}</p>{notes}</article>\n";
        });
        string table = Html.Table(
            "What each metric says of each method, at the step that decides",
            ["method", "metric", "says that it", "step", "layer", "n", "undefined", "draws", "similarity to the original", "to the null",
                "area under the curve", "collapses at step"],
            verdict.Methods.SelectMany(method => method.Metrics.Select(metric => (IEnumerable<string>)
            [
                $"<th scope=\"row\">{Html.Text(method.Title)}</th>",
                Html.Cell(metric.Metric + (metric.Resolution == "input" ? "" : $" ({metric.Resolution})")),
                Html.Cell(OutcomeWords.Of(metric.Outcome)), Html.Cell(metric.Step), Html.Cell(metric.Layer), Html.Cell(metric.N),
                Html.Cell(metric.Undefined), Html.Cell(metric.Draws), Html.Cell(metric.Original), Html.Cell(metric.NullLevel),
                Html.Cell(metric.Area), Html.Cell(Collapse(metric), metric.CollapseStep),
            ])));
        return string.Concat(methods)
            + $"<details><summary>What each metric says, with the numbers that decide</summary>{table}</details>"
            + $"<details><summary>The rule behind the verdict</summary><p>{Html.Text(verdict.Rule)}</p></details>"
            + Html.Source(
                (VerdictRecord.FileName, "sentence, notes, metrics"), ("summary.csv", "n, undefined, mean, ci_low, ci_high"),
                ("curves.csv", "area, collapse_step"));
    }

    /// <summary>The state of the networks, and what maps died of.</summary>
    public string HealthOf(IReadOnlyList<HealthRow> rows)
    {
        string[] measures =
            [.. rows.Where(row => row.Subject == ScoreRow.Network).Select(row => row.Measure).Distinct()];
        (int Step, string Layer)[] steps = [.. rows.Select(row => (row.Step, row.Layer)).Distinct()];
        string[] layers = [.. rows.Where(row => row.Measure == "activation_scale").Select(row => row.Subject).Distinct()];
        HealthRow[] died = [.. rows.Where(row => MapCounts.Contains(row.Measure) && row.Value > 0)];
        string networks = Html.Table(
            "The networks of each step: means, and how many answers are no numbers",
            ["step", experiment.StepHeader, "n", .. measures.Select(measure => Named(measure))],
            steps.Select(step => (IEnumerable<string>)
            [
                Html.Cell(step.Step), Html.Cell(experiment.StepName(step.Step, step.Layer)),
                Html.Cell(rows.FirstOrDefault(row => row.Step == step.Step && row.Subject == ScoreRow.Network)?.N),
                .. measures.Select(measure => Html.Cell(
                    rows.FirstOrDefault(row => row.Step == step.Step && row.Subject == ScoreRow.Network && row.Measure == measure)?.Value)),
            ]));
        string maps = died.Length == 0
            ? "<p>No map died: none is constant, and none has a value that is no number.</p>"
            : Html.Table(
                "Maps that died; they have no score, and are never counted as 0",
                ["method", "step", experiment.StepHeader, "maps", "of", "what became of them"],
                died.Select(row => (IEnumerable<string>)
                [
                    $"<th scope=\"row\">{Html.Text(TitleOf(row.Subject))}</th>", Html.Cell(row.Step),
                    Html.Cell(experiment.StepName(row.Step, row.Layer)), Html.Cell(row.Value), Html.Cell(row.N),
                    Html.Cell(Named(row.Measure)),
                ]));
        string scales = layers.Length == 0 ? "" : "<details><summary>How large each layer's activations are, trained = 1</summary>"
            + Html.Table(
                "Root mean square of each layer's activation over the trained network's", ["step", experiment.StepHeader, .. layers],
                steps.Select(step => (IEnumerable<string>)
                [
                    Html.Cell(step.Step), Html.Cell(experiment.StepName(step.Step, step.Layer)),
                    .. layers.Select(layer => Html.Cell(rows.FirstOrDefault(
                        row => row.Step == step.Step && row.Subject == layer && row.Measure == "activation_scale")?.Value)),
                ])) + "</details>";
        return maps + networks + scales + Html.Source(("health.csv", "subject, measure, n, value"));
    }

    /// <summary>Where the numbers come from. When they were computed is left to the manifest, so that equal runs have equal
    /// pages.</summary>
    /// <param name="configuration">The text of the configuration.</param>
    public string Provenance(string configuration)
    {
        IEnumerable<(string Name, string Value)> facts =
        [
            ("SanityChecks", manifest.Version + (manifest.Commit is { } commit ? $", commit {commit}" : "")),
            ("engine", $"{manifest.Engine.Name} ({manifest.Engine.Description})"),
            .. (manifest.Engine.Facts ?? new Dictionary<string, string>()).Select(fact => (fact.Key, fact.Value)),
            ("seed", manifest.Seed.ToString(CultureInfo.InvariantCulture)),
            ("weights", $"{manifest.Weights.Name}, sha256 {manifest.Weights.Sha256}"),
            .. manifest.WeightParts.Select(part => ("part of the network", $"{part.Name}, sha256 {part.Sha256}")),
            .. manifest.Preprocessing is { } fit ? [("preprocessing", Preprocessing(fit))] : Array.Empty<(string, string)>(),
            ("libraries", string.Join(", ", manifest.Libraries.Select(library => $"{library.Key} {library.Value}"))),
            ("machine", Invariant(
                $"{manifest.Machine.System}, {manifest.Machine.Architecture}, {manifest.Machine.Framework}, {manifest.Machine.Cores} cores")),
            .. manifest.Skipped.Select(image => ("skipped", $"{image.Name}: {image.Reason}")),
        ];
        string images = Html.Table(
            "The images of the run", ["image", "sha256"],
            manifest.Images.Select(image => (IEnumerable<string>)
                [$"<th scope=\"row\">{Html.Text(image.Name)}</th>", $"<td><code>{Html.Text(image.Sha256)}</code></td>"]));
        return $"<dl>{string.Concat(facts.Select(fact => $"<dt>{Html.Text(fact.Name)}</dt><dd>{Html.Text(fact.Value)}</dd>"))}</dl>"
            + $"<details><summary>{Count(manifest.Images.Count, "image")}, with sha256</summary>{images}</details>"
            + $"<h3>The configuration, every default spelled out</h3><pre tabindex=\"0\" role=\"region\" aria-label=\"config.yaml\">{Html.Text(configuration)}</pre>"
            + $"<p class=\"source\">From {Html.Link(Manifest.FileName)} and {Html.Link(RunFolder.ConfigName)}.</p>";
    }

    private static string Preprocessing(PreprocessingRecord fit)
    {
        string size = fit.Height is null ? "" : Invariant($" to {fit.Height} x {fit.Width}");
        string resize = fit.Resize is null ? "" : Invariant($" from a shorter side of {fit.Resize}");
        return $"{fit.Fit}{size}{resize}, range {fit.Range}, {fit.Channels}, mean {Values(fit.Mean)}, deviation {Values(fit.Deviation)}";
    }

    private static string Values(IEnumerable<float> values) =>
        string.Join(' ', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    private static string Collapse(MetricVerdict metric)
    {
        if (metric.CollapseStep is not { } step)
        {
            return "–";
        }

        string high = metric.CollapseHigh is { } end ? Invariant($"{end}") : "none";
        return Invariant($"{step} {metric.CollapseLayer} [{metric.CollapseLow}, {high}]");
    }

    private string TitleOf(string method) => manifest.Methods.FirstOrDefault(one => one.Id == method)?.Title ?? method;

    private static string Named(string measure) => measure switch
    {
        MeasureNames.LogitEntropy => "entropy of the class probabilities (nats)",
        "top1_agreement" => "share with the trained network's prediction",
        Health.NonFiniteNetworks => "answers that are no numbers",
        Health.DeadMaps => "dead: 0 everywhere",
        Health.ConstantMaps => "constant: one value that is not 0",
        Health.NonFiniteMaps => "a value that is no number, in a network whose answer is one",
        Health.NonFiniteWithNetwork => "a value that is no number, and neither is the network's answer",
        _ => measure.Replace('_', ' '),
    };

    private static string Count(int count, string what) => Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
