namespace SanityChecks.Reporting.Charts;

/// <summary>How the charts of a run folder look; the defaults suit a page of a paper and a web page.</summary>
public sealed record ChartOptions
{
    /// <summary>What was tested, as in <c>VGG16, 50 ImageNet images of synset n02085936</c>; stands under the title. Null for
    /// nothing.</summary>
    public string? Context { get; init; }

    /// <summary>Height of the plot area, in SVG units (CSS pixels); titles and labels come on top of it. Grows by itself where the names of
    /// many methods need it.</summary>
    public double PlotHeight { get; init; } = 320;

    /// <summary>Distance between two layers on the x axis, in SVG units; where the rotated names do not fit, some are left out.</summary>
    /// <remarks>Grows by itself where steps that stand alone need it for the bars of many methods, and shrinks where more than 41 steps
    /// would not be seen at a glance.</remarks>
    public double LayerSpacing { get; init; } = 34;
}
