namespace SanityChecks.Imaging.Drawing;

/// <summary>A picture under construction; whatever falls outside of it is cut off.</summary>
internal sealed class Canvas
{
    private readonly byte[] pixels;

    /// <summary>A canvas of one colour.</summary>
    public Canvas(int width, int height, Rgb background)
    {
        Width = width;
        Height = height;
        pixels = new byte[3L * width * height];
        Fill(0, 0, width, height, background);
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The picture as it is now, sharing its pixels.</summary>
    public RgbImage ToImage() => new(Width, Height, pixels);

    /// <summary>Fills a rectangle.</summary>
    public void Fill(int x, int y, int width, int height, Rgb color)
    {
        for (int row = Math.Max(0, y); row < Math.Min(Height, y + height); row++)
        {
            for (int column = Math.Max(0, x); column < Math.Min(Width, x + width); column++)
            {
                color.WriteTo(Pixel(column, row));
            }
        }
    }

    /// <summary>Draws the outermost pixels of a rectangle.</summary>
    public void Outline(int x, int y, int width, int height, Rgb color)
    {
        Fill(x, y, width, 1, color);
        Fill(x, y + height - 1, width, 1, color);
        Fill(x, y, 1, height, color);
        Fill(x + width - 1, y, 1, height, color);
    }

    /// <summary>Copies an image to a place.</summary>
    public void Draw(RgbImage image, int x, int y)
    {
        int first = Math.Max(0, -x);
        int columns = Math.Min(image.Width, Width - x) - first;
        for (int row = Math.Max(0, -y); columns > 0 && row < image.Height && row + y < Height; row++)
        {
            image.Pixels.AsSpan(3 * ((row * image.Width) + first), 3 * columns).CopyTo(Pixel(x + first, row + y));
        }
    }

    /// <summary>Draws lines with a round pen; they cover each pixel once, however often they cross in it.</summary>
    /// <param name="strokes">In pixels from the top left corner; pixel (0, 0) has its centre at (0.5, 0.5).</param>
    /// <param name="radius">Half the pen's diameter, in pixels.</param>
    /// <param name="color">The ink; a pixel takes it in proportion to how far the pen's edge lies beyond the pixel's centre.</param>
    public void DrawStrokes(ReadOnlySpan<Stroke> strokes, double radius, Rgb color)
    {
        double reach = radius + 0.5;
        int left = Width, top = Height, right = -1, bottom = -1;
        foreach (Stroke stroke in strokes)
        {
            left = Math.Min(left, (int)Math.Floor(Math.Min(stroke.X0, stroke.X1) - reach));
            right = Math.Max(right, (int)Math.Ceiling(Math.Max(stroke.X0, stroke.X1) + reach));
            top = Math.Min(top, (int)Math.Floor(Math.Min(stroke.Y0, stroke.Y1) - reach));
            bottom = Math.Max(bottom, (int)Math.Ceiling(Math.Max(stroke.Y0, stroke.Y1) + reach));
        }

        for (int y = Math.Max(0, top); y < Math.Min(Height, bottom); y++)
        {
            for (int x = Math.Max(0, left); x < Math.Min(Width, right); x++)
            {
                double nearest = reach * reach;
                foreach (Stroke stroke in strokes)
                {
                    nearest = Math.Min(nearest, SquaredDistance(stroke, x + 0.5, y + 0.5));
                }

                double coverage = Math.Clamp(reach - Math.Sqrt(nearest), 0, 1);
                if (coverage > 0)
                {
                    Mix(Pixel(x, y), color, coverage);
                }
            }
        }
    }

    private static double SquaredDistance(Stroke stroke, double x, double y)
    {
        double dx = stroke.X1 - stroke.X0, dy = stroke.Y1 - stroke.Y0;
        double px = x - stroke.X0, py = y - stroke.Y0;
        double length = (dx * dx) + (dy * dy);
        double along = length == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / length, 0, 1);
        double ex = px - (along * dx), ey = py - (along * dy);
        return (ex * ex) + (ey * ey);
    }

    private static void Mix(Span<byte> pixel, Rgb color, double share)
    {
        pixel[0] = (byte)(pixel[0] + (share * (color.Red - pixel[0])) + 0.5);
        pixel[1] = (byte)(pixel[1] + (share * (color.Green - pixel[1])) + 0.5);
        pixel[2] = (byte)(pixel[2] + (share * (color.Blue - pixel[2])) + 0.5);
    }

    private Span<byte> Pixel(int x, int y) => pixels.AsSpan(3 * ((y * Width) + x));
}
