using SanityChecks.Images;
using SanityChecks.Reporting.Fonts;
using SkiaSharp;

namespace SanityChecks.Reporting.Grids;

/// <summary>How a line of text in a grid looks; lengths are in units of the grid's layout.</summary>
internal sealed class TextStyle
{
    private readonly SKFont font;
    private readonly SKPaint ink;

    /// <summary>Makes the style.</summary>
    /// <param name="size">Units an em.</param>
    /// <param name="color">The ink.</param>
    /// <param name="semibold">Whether strokes are thicker than usual.</param>
    public TextStyle(float size, Rgb color, bool semibold = false)
    {
        font = OpenSans.Font(semibold ? OpenSans.Semibold : OpenSans.Regular, size);
        ink = new SKPaint { Color = new SKColor(color.Red, color.Green, color.Blue), IsAntialias = true };
        CapitalHeight = (int)Math.Round(font.Metrics.CapHeight);
        TailDepth = (int)Math.Ceiling(font.Metrics.Descent);
    }

    /// <summary>From the base line to the top of a capital.</summary>
    public int CapitalHeight { get; }

    /// <summary>From the base line down to the lowest tail.</summary>
    public int TailDepth { get; }

    /// <summary>Length of a line; 0 of an empty one.</summary>
    public int Measure(string text) => (int)Math.Ceiling(font.MeasureText(text));

    /// <summary>Draws a line.</summary>
    /// <param name="canvas">Where; what lies outside is cut off.</param>
    /// <param name="text">Any characters; those that the font lacks become boxes.</param>
    /// <param name="x">Where the line begins.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="rising">By how many degrees it turns to the left about its beginning.</param>
    public void Draw(SKCanvas canvas, string text, float x, float y, float rising = 0)
    {
        using var restored = new SKAutoCanvasRestore(canvas);
        canvas.RotateDegrees(-rising, x, y);
        canvas.DrawText(text, x, y, SKTextAlign.Left, font, ink);
    }
}
