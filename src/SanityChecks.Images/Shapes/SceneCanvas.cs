using System.Buffers;

namespace SanityChecks.Images.Shapes;

/// <summary>A square picture while it is painted; places are in units of its side, so that a scene is the same at any size.</summary>
/// <param name="size">Pixels a side.</param>
internal sealed class SceneCanvas(int size) : IDisposable
{
    // A training draws thousands of pictures a minute: their megabytes are used again.
    private readonly Color[] pixels = ArrayPool<Color>.Shared.Rent(size * size);

    public int Size => size;

    /// <summary>The length of a pixel's side.</summary>
    public double Pixel => 1.0 / size;

    private int Pixels => size * size;

    /// <summary>Colors every pixel.</summary>
    /// <param name="color">Given the place of the pixel's center.</param>
    public void Fill(Func<Vector, Color> color)
    {
        for (int i = 0; i < Pixels; i++)
        {
            pixels[i] = color(Center(i % size, i / size));
        }
    }

    /// <summary>Lays a figure over what is there, its edge softened over one pixel.</summary>
    /// <param name="figure">The figure.</param>
    /// <returns>For each pixel, whether its center lies in the figure.</returns>
    public bool[] Paint(Figure figure)
    {
        bool[] mask = new bool[Pixels];
        (int left, int top, int right, int bottom) = Around(figure.Place, figure.Radius + Pixel);
        double pixel = Pixel / figure.Radius;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                Vector point = figure.Inward(Center(x, y));
                double distance = figure.Outline(point), cover = Math.Clamp(0.5 - (distance / pixel), 0, 1);
                if (cover > 0)
                {
                    int at = (y * size) + x;
                    mask[at] = distance <= 0;
                    pixels[at] = Color.Mix(pixels[at], figure.ColorAt(point, distance, pixel), cover);
                }
            }
        }

        return mask;
    }

    /// <summary>Darkens what lies in a figure's soft shadow.</summary>
    /// <param name="figure">The figure that throws it; it is painted afterwards.</param>
    /// <param name="offset">How far the shadow lies from the figure.</param>
    /// <param name="strength">The share of light that the deepest shadow takes.</param>
    public void Shade(Figure figure, Vector offset, double strength)
    {
        double softness = 0.06 / figure.Radius;
        (int left, int top, int right, int bottom) = Around(figure.Place + offset, figure.Radius + 0.06);
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                double distance = figure.Outline(figure.Inward(Center(x, y) - offset));
                double depth = Math.Clamp(0.5 - (distance / softness), 0, 1);
                int at = (y * size) + x;
                pixels[at] *= 1 - (strength * depth * depth * (3 - (2 * depth)));
            }
        }
    }

    /// <summary>The picture with 8 bits a channel.</summary>
    /// <param name="grain">Added to each channel of a pixel, given its index.</param>
    public RgbImage ToImage(Func<int, double> grain)
    {
        byte[] bytes = new byte[3 * Pixels];
        for (int i = 0; i < Pixels; i++)
        {
            double more = grain(i);
            bytes[3 * i] = Byte(pixels[i].Red + more);
            bytes[(3 * i) + 1] = Byte(pixels[i].Green + more);
            bytes[(3 * i) + 2] = Byte(pixels[i].Blue + more);
        }

        return new RgbImage(size, size, bytes);
    }

    /// <summary>Gives its memory back.</summary>
    public void Dispose() => ArrayPool<Color>.Shared.Return(pixels);

    private static byte Byte(double value) => (byte)((Math.Clamp(value, 0, 1) * 255) + 0.5);

    private Vector Center(int x, int y) => new((x + 0.5) * Pixel, (y + 0.5) * Pixel);

    private (int Left, int Top, int Right, int Bottom) Around(Vector place, double reach) => (
        Bound(Math.Floor((place.X - reach) * size)), Bound(Math.Floor((place.Y - reach) * size)),
        Bound(Math.Ceiling((place.X + reach) * size)), Bound(Math.Ceiling((place.Y + reach) * size)));

    private int Bound(double value) => (int)Math.Clamp(value, 0, size);
}
