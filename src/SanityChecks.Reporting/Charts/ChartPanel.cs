using ScottPlot;

namespace SanityChecks.Reporting.Charts;

/// <summary>A part of the picture beside the plot that draws itself at places given in pixels of the picture.</summary>
/// <param name="edge">On which side it is.</param>
/// <param name="draw">Draws it.</param>
/// <remarks>The layout is fixed, so that the panel takes no room of its own.</remarks>
internal sealed class ChartPanel(Edge edge, Action<RenderPack> draw) : IPanel
{
    /// <inheritdoc/>
    public bool IsVisible { get; set; } = true;

    /// <inheritdoc/>
    public float MinimumSize { get; set; }

    /// <inheritdoc/>
    public float MaximumSize { get; set; } = float.MaxValue;

    /// <inheritdoc/>
    public Edge Edge => edge;

    /// <inheritdoc/>
    public bool ShowDebugInformation { get; set; }

    /// <inheritdoc/>
    public float Measure(Paint paint) => 0;

    /// <inheritdoc/>
    public void Render(RenderPack rp, float size, float offset) => draw(rp);

    /// <inheritdoc/>
    public PixelRect GetPanelRect(PixelRect dataRect, float size, float offset, Paint paint) => PixelRect.NaN;
}
