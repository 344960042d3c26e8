namespace SanityChecks.Imaging.Drawing;

/// <summary>One line of text: its length, and its strokes in pixels along and across the line.</summary>
/// <remarks>
/// Outer stems and the heights of letters fall on whole pixels, which keeps small text crisp; the distance between two letters is
/// that of their facing sides (see <see cref="StrokeGlyphs"/>).
/// </remarks>
internal static class TextLine
{
    /// <summary>Length of the line in pixels, pen included.</summary>
    public static int Measure(string text, TextStyle style)
    {
        int end = 0;
        foreach ((Glyph glyph, int start) in Place(text, style))
        {
            end = start + Extent(glyph, style);
        }

        return end + (int)Math.Ceiling(style.PenWidth);
    }

    /// <summary>Draws the line.</summary>
    /// <param name="canvas">Where; what lies outside is cut off.</param>
    /// <param name="text">Any characters; those that the font lacks become boxes.</param>
    /// <param name="x">Left edge of the first column that the line takes, when it runs to the right.</param>
    /// <param name="y">Lower edge of the row of pixels on which the letters stand; the line turns about the point (x, y).</param>
    /// <param name="style">How it looks.</param>
    /// <param name="direction">Which way it runs from there.</param>
    public static void Draw(Canvas canvas, string text, int x, int y, TextStyle style, TextDirection direction = TextDirection.Right)
    {
        (double alongX, double alongY) = direction switch
        {
            TextDirection.Up => (0.0, -1.0),
            TextDirection.Diagonal => (Math.Sqrt(0.5), -Math.Sqrt(0.5)),
            _ => (1.0, 0.0),
        };
        double pen = style.PenWidth / 2;
        foreach ((Glyph glyph, int start) in Place(text, style))
        {
            int extent = Extent(glyph, style);
            double stretch = glyph.Width > 0 ? extent / glyph.Width : 0;
            Stroke[] strokes = new Stroke[glyph.Strokes.Length];
            for (int i = 0; i < strokes.Length; i++)
            {
                Stroke stroke = glyph.Strokes[i];
                (double x0, double y0) = OnCanvas(stroke.X0, stroke.Y0);
                (double x1, double y1) = OnCanvas(stroke.X1, stroke.Y1);
                strokes[i] = new Stroke(x0, y0, x1, y1);
            }

            canvas.DrawStrokes(strokes, pen, style.Color);

            (double X, double Y) OnCanvas(double unitX, double unitY)
            {
                // Half a pixel each way, to the centre of the line's first pixel.
                double along = 0.5 + start + (unitX * stretch) + Math.Floor(pen);
                double up = 0.5 + Height(unitY, style);
                return (x + (along * alongX) + (up * alongY), y + (along * alongY) - (up * alongX));
            }
        }
    }

    private static IEnumerable<(Glyph Glyph, int Start)> Place(string text, TextStyle style)
    {
        double unit = style.CapitalHeight / StrokeFont.CapitalHeight;
        double bolder = (style.Weight - 1) * style.PenWidth / style.Weight;
        int end = 0;
        double gap = -1;
        foreach (char character in text)
        {
            if (character == ' ')
            {
                gap += StrokeFont.Blank;
                continue;
            }

            Glyph glyph = StrokeFont.Of(character);

            // Two pens side by side need a clear column between them.
            int between = Math.Max((int)Math.Round(((gap + glyph.LeftGap) * unit) + bolder), (int)Math.Ceiling(style.PenWidth));
            int start = gap < 0 ? 0 : end + between;
            yield return (glyph, start);
            end = start + Extent(glyph, style);
            gap = glyph.RightGap;
        }
    }

    private static int Extent(Glyph glyph, TextStyle style) =>
        (int)Math.Round(glyph.Width * style.CapitalHeight / StrokeFont.CapitalHeight);

    // The base line and the three heights lie on rows of pixels, everything else in proportion between them.
    private static double Height(double unit, TextStyle style) => unit switch
    {
        < 0 => unit / StrokeFont.TailDepth * style.TailDepth,
        <= StrokeFont.SmallHeight => unit / StrokeFont.SmallHeight * style.SmallHeight,
        _ => style.SmallHeight + ((unit - StrokeFont.SmallHeight) / (StrokeFont.CapitalHeight - StrokeFont.SmallHeight)
            * (style.CapitalHeight - style.SmallHeight)),
    };
}
