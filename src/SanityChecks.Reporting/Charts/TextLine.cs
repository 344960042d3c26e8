using ScottPlot;

namespace SanityChecks.Reporting.Charts;

/// <summary>A line of text above or below the plot.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Size">Pixels an em.</param>
/// <param name="Semibold">Whether it is a title.</param>
/// <param name="Top">The upper border of its line box, in pixels from the picture's.</param>
internal sealed record TextLine(string Text, float Size, bool Semibold, float Top)
{
    /// <summary>From one line's top to the next one's, in sizes.</summary>
    public const float Spacing = 1.42f;

    /// <summary>Where the next line may begin.</summary>
    public float Bottom => Top + (Size * Spacing);

    /// <summary>Draws it, beginning at a distance from the left border.</summary>
    public void Draw(RenderPack pack, float left) =>
        ChartInk.Label(Text, Size, Semibold ? ChartInk.Dark : ChartInk.Faint, Alignment.UpperLeft, Semibold)
            .Render(pack.Canvas, new Pixel(left, Top), pack.Paint);
}
