using SanityChecks.Compute;
using SanityChecks.Imaging;

namespace SanityChecks.Saliency.Images;

/// <summary>How a photograph becomes a network's input: fitted to a square of 8-bit pixels, then normalised.</summary>
/// <param name="Name">The name in configurations.</param>
/// <param name="Fit">Makes the square image that maps are shown over.</param>
/// <param name="Mean">Subtracted from each channel of values in [0, 1].</param>
/// <param name="Deviation">Each channel is divided by it afterwards.</param>
public sealed record Preprocessing(string Name, Func<RgbImage, RgbImage> Fit, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    private const int Size = 224;
    private static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] ImageNetDeviation = [0.229f, 0.224f, 0.225f];

    /// <summary>torchvision's transform on Pillow images: Resize(256) of the shorter side, CenterCrop(224), ImageNet's mean and deviation.</summary>
    public static Preprocessing ImageNet { get; } =
        new("imagenet", image => CenterCrop.Crop(BilinearResize.ResizeShorterSide(image, 256), Size), ImageNetMean, ImageNetDeviation);

    /// <summary>Resize((224, 224)) whatever the proportions, ImageNet's mean and deviation.</summary>
    public static Preprocessing Squash { get; } =
        new("squash", image => BilinearResize.Resize(image, Size, Size), ImageNetMean, ImageNetDeviation);

    /// <summary>Every preset; the first is the default.</summary>
    public static IReadOnlyList<Preprocessing> All { get; } = [ImageNet, Squash];

    /// <summary>The preset of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public static Preprocessing Find(string name) => All.FirstOrDefault(preset => preset.Name == name)
        ?? throw new InputException($"There is no preprocessing '{name}'; the presets are {string.Join(", ", All.Select(preset => preset.Name))}.");

    /// <summary>Writes a fitted image as [3, H, W]: (v / 255 - mean) / deviation in single precision, in PyTorch's order of operations.</summary>
    /// <param name="image">A fitted image.</param>
    /// <param name="values">3 H W values.</param>
    public void Normalize(RgbImage image, Span<float> values)
    {
        int plane = image.Width * image.Height;
        for (int channel = 0; channel < 3; channel++)
        {
            for (int i = 0; i < plane; i++)
            {
                values[(channel * plane) + i] = ((image.Pixels[(3 * i) + channel] / 255f) - Mean[channel]) / Deviation[channel];
            }
        }
    }

    /// <summary>Fitted images of one size as a tensor [N, 3, H, W] of an engine.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="engine">Gets the values.</param>
    /// <exception cref="ArgumentException">The images differ in size.</exception>
    public Tensor ToTensor(IReadOnlyList<RgbImage> images, IEngine engine)
    {
        var shape = new Shape(images.Count, 3, images[0].Height, images[0].Width);
        int size = (int)(shape.Count / images.Count);
        float[] values = new float[shape.Count];
        for (int n = 0; n < images.Count; n++)
        {
            if (images[n].Height != shape[2] || images[n].Width != shape[3])
            {
                throw new ArgumentException($"A batch has one size, not {images[n].Width} x {images[n].Height} and {shape[3]} x {shape[2]}.", nameof(images));
            }

            Normalize(images[n], values.AsSpan(n * size, size));
        }

        return engine.Upload(shape, values);
    }
}
