namespace SanityChecks.Images;

/// <summary>Turns 8-bit pixels into the values that a network was trained on, (v - mean) / deviation; single precision, one operation after
/// the other as in the originals.</summary>
public sealed class Normalization
{
    /// <summary>Any normalization.</summary>
    /// <param name="range">What v is of a byte.</param>
    /// <param name="mean">Of red, green and blue, whatever the order of the channels; or one value for all channels.</param>
    /// <param name="deviation">As the mean, none 0.</param>
    /// <param name="channels">The channels of the result.</param>
    /// <exception cref="ArgumentException">There are neither one nor three values, or three for one channel.</exception>
    public Normalization(PixelRange range, IReadOnlyList<float> mean, IReadOnlyList<float> deviation, ChannelOrder channels)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        foreach (IReadOnlyList<float> values in (IReadOnlyList<float>[])[mean, deviation])
        {
            if (values.Count != 1 && (values.Count != 3 || channels == ChannelOrder.Gray))
            {
                throw new ArgumentException($"There are {values.Count} values for {(channels == ChannelOrder.Gray ? 1 : 3)} channels.", nameof(mean));
            }
        }

        Range = range;
        Mean = mean;
        Deviation = deviation;
        Channels = channels;
    }

    /// <summary>torchvision's: (v / 255 - mean) / deviation with mean .485 .456 .406 and deviation .229 .224 .225.</summary>
    public static Normalization ImageNet { get; } = Standard([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>(v / 255 - 0.5) / 0.5.</summary>
    public static Normalization Half { get; } = Standard([0.5f], [0.5f]);

    /// <summary>((v - min) / (max - min) - 0.5) / 0.5 over all channels of the image; -1 everywhere for an image of one value.</summary>
    public static Normalization MinMax { get; } = new(PixelRange.OfImage, [0.5f], [0.5f], ChannelOrder.Rgb);

    /// <summary>v - mean with mean 123.68, 116.779, 103.939 of red, green, blue; blue is the first channel.</summary>
    public static Normalization Caffe { get; } = new(PixelRange.ToByte, [123.68f, 116.779f, 103.939f], [1], ChannelOrder.Bgr);

    /// <summary>What a byte is before the mean is taken off.</summary>
    public PixelRange Range { get; }

    /// <summary>Of red, green and blue, or one for all channels.</summary>
    public IReadOnlyList<float> Mean { get; }

    /// <summary>As <see cref="Mean"/>.</summary>
    public IReadOnlyList<float> Deviation { get; }

    /// <summary>The channels of the result.</summary>
    public ChannelOrder Channels { get; }

    /// <summary>How many channels the result has.</summary>
    public int ChannelCount => Channels == ChannelOrder.Gray ? 1 : 3;

    /// <summary>(v / 255 - mean) / deviation.</summary>
    /// <param name="mean">Of red, green and blue, or one value for all.</param>
    /// <param name="deviation">Of the same, none 0.</param>
    public static Normalization Standard(float[] mean, float[] deviation) => new(PixelRange.ToOne, mean, deviation, ChannelOrder.Rgb);

    /// <summary>Writes an image as [C, H, W].</summary>
    /// <param name="image">A fitted image.</param>
    /// <param name="destination">C H W values.</param>
    public void Apply(RgbImage image, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        int plane = image.Width * image.Height;
        byte[] pixels = Channels == ChannelOrder.Gray ? image.ToGray().Pixels : image.Pixels;
        Span<float> table = stackalloc float[256];
        (byte smallest, byte largest) = Extremes(image);
        for (int channel = 0; channel < ChannelCount; channel++)
        {
            int source = Source(channel);
            for (int v = 0; v < table.Length; v++)
            {
                table[v] = Value(source, (byte)v, smallest, largest);
            }

            for (int i = 0; i < plane; i++)
            {
                destination[(channel * plane) + i] = table[pixels[(3 * i) + source]];
            }
        }
    }

    /// <summary>The value that a byte has in an image.</summary>
    /// <param name="image">A fitted image.</param>
    /// <param name="channel">From 0, in the order of the result of <see cref="Apply"/>.</param>
    /// <param name="value">The byte.</param>
    public float Value(RgbImage image, int channel, byte value)
    {
        (byte smallest, byte largest) = Extremes(image);
        return Value(Source(channel), value, smallest, largest);
    }

    private int Source(int channel) => Channels == ChannelOrder.Bgr ? 2 - channel : channel;

    private (byte Smallest, byte Largest) Extremes(RgbImage image)
    {
        if (Range != PixelRange.OfImage)
        {
            return (0, 255);
        }

        byte[] pixels = Channels == ChannelOrder.Gray ? image.ToGray().Pixels : image.Pixels;
        return (pixels.Min(), pixels.Max());
    }

    /// <param name="color">0 is red.</param>
    /// <param name="value">The byte.</param>
    /// <param name="smallest">Of the image.</param>
    /// <param name="largest">Of the image.</param>
    private float Value(int color, byte value, byte smallest, byte largest)
    {
        float v = Range == PixelRange.ToByte ? value : (value - smallest) / (float)Math.Max(1, largest - smallest);
        return (v - Mean[Mean.Count == 1 ? 0 : color]) / Deviation[Deviation.Count == 1 ? 0 : color];
    }
}
