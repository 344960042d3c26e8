namespace SanityChecks.Images;

/// <summary>Turns 8-bit pixels into the values that a network was trained on; single precision, one operation after the other as in the
/// originals.</summary>
public sealed class Normalization
{
    private readonly Func<RgbImage, Func<int, byte, float>> values;
    private readonly bool blueFirst;

    /// <param name="values">For an image, the value of a channel (0 is red) and byte.</param>
    /// <param name="blueFirst">Whether the channels are blue, green, red.</param>
    private Normalization(Func<RgbImage, Func<int, byte, float>> values, bool blueFirst = false)
    {
        this.values = values;
        this.blueFirst = blueFirst;
    }

    /// <summary>torchvision's: (v / 255 - mean) / deviation with mean .485 .456 .406 and deviation .229 .224 .225.</summary>
    public static Normalization ImageNet { get; } = Standard([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>(v / 255 - 0.5) / 0.5.</summary>
    public static Normalization Half { get; } = Standard([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    /// <summary>((v - min) / (max - min) - 0.5) * 2 over all three channels of the image; -1 everywhere for an image of one
    /// value.</summary>
    public static Normalization MinMax { get; } = new(image =>
    {
        byte smallest = image.Pixels.Min(), largest = image.Pixels.Max();
        float range = Math.Max(1, largest - smallest);
        return (_, value) => (((value - smallest) / range) - 0.5f) * 2;
    });

    /// <summary>v - mean with mean 123.68, 116.779, 103.939 of red, green, blue; blue is the first channel.</summary>
    public static Normalization Caffe { get; } = new(
        _ =>
        {
            float[] mean = [123.68f, 116.779f, 103.939f];
            return (channel, value) => value - mean[channel];
        },
        blueFirst: true);

    /// <summary>Writes an image as [3, H, W].</summary>
    /// <param name="image">A fitted image.</param>
    /// <param name="destination">3 H W values.</param>
    public void Apply(RgbImage image, Span<float> destination)
    {
        int plane = image.Width * image.Height;
        Func<int, byte, float> value = values(image);
        Span<float> table = stackalloc float[256];
        for (int channel = 0; channel < 3; channel++)
        {
            int source = blueFirst ? 2 - channel : channel;
            for (int v = 0; v < table.Length; v++)
            {
                table[v] = value(source, (byte)v);
            }

            for (int i = 0; i < plane; i++)
            {
                destination[(channel * plane) + i] = table[image.Pixels[(3 * i) + source]];
            }
        }
    }

    /// <summary>The value that a byte has in an image.</summary>
    /// <param name="image">A fitted image.</param>
    /// <param name="channel">From 0, in the order of the result of <see cref="Apply"/>.</param>
    /// <param name="value">The byte.</param>
    public float Value(RgbImage image, int channel, byte value) => values(image)(blueFirst ? 2 - channel : channel, value);

    /// <summary>(v / 255 - mean) / deviation.</summary>
    /// <param name="mean">Of red, green and blue.</param>
    /// <param name="deviation">Of the same, none 0.</param>
    public static Normalization Standard(float[] mean, float[] deviation) =>
        new(_ => (channel, value) => ((value / 255f) - mean[channel]) / deviation[channel]);
}
