using System.Globalization;

namespace SanityChecks.RunFiles;

/// <summary>What an experiment says about itself: charts and grids take their words from here and know no experiment.</summary>
public sealed record ExperimentRecord
{
    /// <summary>What configurations call it: <c>cascading_randomization</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the column <c>randomization</c> says: <c>cascading</c>.</summary>
    public required string Randomization { get; init; }

    /// <summary>What it is called above a chart.</summary>
    public required string Title { get; init; }

    /// <summary>What it asks, in one sentence.</summary>
    public required string Question { get; init; }

    /// <summary>What a method that explains the network would show, in one sentence; <c>{value}</c> stands for where a metric's values go:
    /// <c>to 0</c>.</summary>
    public required string Faithful { get; init; }

    /// <summary>What the names along the x axis are.</summary>
    public required string StepAxis { get; init; }

    /// <summary>What a table of the steps heads their names with.</summary>
    public required string StepHeader { get; init; }

    /// <summary>Whether each step goes on from the one before, so that a line leads through them; otherwise each stands alone as a
    /// point.</summary>
    public required bool Connected { get; init; }

    /// <summary>What step 0, the untouched network, is called.</summary>
    public required string Original { get; init; }

    /// <summary>What every other step is called; <c>{layer}</c> and <c>{step}</c> stand for what it randomizes and its number.</summary>
    public required string Step { get; init; }

    /// <summary>What stands above every other column of a grid of maps, made as <see cref="Step"/> is.</summary>
    public required string GridStep { get; init; }

    /// <summary>What the columns of a grid of maps are, in one sentence.</summary>
    public required string GridColumns { get; init; }

    /// <summary>A step's name.</summary>
    /// <param name="step">0 for the untouched network.</param>
    /// <param name="layer">What the step randomizes.</param>
    public string StepName(int step, string layer) => Named(Step, step, layer);

    /// <summary>The name of a step above its column of a grid of maps.</summary>
    /// <param name="step">0 for the untouched network.</param>
    /// <param name="layer">What the step randomizes.</param>
    public string GridStepName(int step, string layer) => Named(GridStep, step, layer);

    /// <summary><see cref="Faithful"/> for one metric.</summary>
    /// <param name="value">Where its values go.</param>
    public string FaithfulOf(string value) => Faithful.Replace("{value}", value, StringComparison.Ordinal);

    private string Named(string template, int step, string layer) => step == 0
        ? Original
        : template.Replace("{step}", step.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{layer}", layer, StringComparison.Ordinal);
}
