using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Experiments.Execution;

/// <summary>The run of every other specification, each an ordinary run in a folder of its own below the run's, and the curve of
/// all.</summary>
/// <remarks>What needs the same maps, metrics and treatments of values, is scored in one run from one set of maps.</remarks>
public sealed class SpecificationRuns
{
    private readonly Plan plan;
    private readonly RunFolder folder;
    private readonly Specification own;

    /// <summary>Plans them; nothing is computed yet.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="InputException">A specification does not fit the network or the images.</exception>
    public SpecificationRuns(Plan plan, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (this.plan, this.folder) = (plan, folder);
        own = OwnOf(plan.Config);
        Others = [.. plan.Config.Specifications.Networks(plan.Config).Where(one => one != own).Select(one => (one, PlanOf(one)))];
    }

    /// <summary>The specifications that need runs of their own, with their plans.</summary>
    public IReadOnlyList<(Specification Networks, Plan Plan)> Others { get; }

    /// <summary>Runs one of the others, going on with what is there.</summary>
    /// <param name="other">One of <see cref="Others"/>.</param>
    /// <param name="engine">Computes it.</param>
    /// <param name="vocabulary">To read the configuration of a run that is there.</param>
    /// <param name="progress">Told after each network.</param>
    /// <param name="cancel">Stops between two networks.</param>
    /// <exception cref="InputException">The folder holds another run.</exception>
    public RunResult Run(
        (Specification Networks, Plan Plan) other, IEngine engine, ConfigVocabulary vocabulary, IProgress<RunProgress> progress,
        CancellationToken cancel)
    {
        RunFolder its = folder.Of(other.Networks);
        Manifest? begun = its.Claim(other.Plan.Config, vocabulary, folder.Path);
        return new ExperimentRun(other.Plan, engine, its).Run(begun, progress, cancel);
    }

    /// <summary>Writes <c>specifications.csv</c>, <c>specification_shares.csv</c> and the chart, from the files of all runs.</summary>
    /// <returns>How much each choice decides.</returns>
    public IReadOnlyList<ChoiceShareRow> Write()
    {
        (string, string, string)[] metrics =
            [.. plan.Config.Specifications.Scored(plan.Metrics).Select(one => (one.Id, one.Metric.Id, one.Maps))];
        SpecificationRow[] rows = [.. Others.Select(other => other.Networks).Prepend(own).SelectMany(networks =>
        {
            RunFolder its = networks == own ? folder : folder.Of(networks);
            return SpecificationCurve.Of(
                new ScoreTable(ScoresFile.Read(its.ScoresPath)), plan.Experiment.Words.Connected, networks, metrics);
        })];
        IReadOnlyList<ChoiceShareRow> shares = SpecificationCurve.Shares(rows);
        WholeFile.Write(folder.SpecificationsPath, CsvFile.Text(SpecificationRow.Columns, rows.Select(row => row.Cells)));
        WholeFile.Write(folder.SpecificationSharesPath, CsvFile.Text(ChoiceShareRow.Columns, shares.Select(row => row.Cells)));
        SpecificationChart.Write(folder);
        RunPictures.WriteReport(folder); // It names the charts.
        return shares;
    }

    private static Specification OwnOf(ExperimentConfig config) =>
        new(Spelling.Of(config.Randomization.Order), config.Randomization.Initializer, config.Target);

    private Plan PlanOf(Specification networks)
    {
        _ = Spelling.TryParse(networks.Order, out Saliency.Randomization.LayerOrder order);
        string[] scored = [.. plan.Config.Specifications.Scored(plan.Metrics).Select(one => one.Id)];
        return Plan.Of(
            plan.Config with
            {
                Randomization = plan.Config.Randomization with { Order = order, Initializer = networks.Initializer },
                Target = networks.Target,
                Metrics = [.. plan.Metrics.Where(metric => scored.Contains(metric.Id))],
                Specifications = new SpecificationsConfig(),
                Faithfulness = [],
                FaithfulnessSteps = FaithfulnessSteps.Trained,
                Output = plan.Config.Output with { Maps = MapFiles.None },
            },
            plan.Selection, plan.Trained, plan.OtherTraining?.Trained);
    }
}
