using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Images;

/// <summary>How a photograph becomes a network's input: fitted to a square of 8-bit pixels, then normalised.</summary>
/// <param name="Name">The name in configurations.</param>
/// <param name="Fit">Makes the square image that maps are shown over.</param>
/// <param name="Normalization">Turns its pixels into values.</param>
public sealed record Preprocessing(string Name, Func<RgbImage, RgbImage> Fit, Normalization Normalization)
{
    private const int Size = 224;

    /// <summary>torchvision's transform on Pillow images: Resize(256) of the shorter side, CenterCrop(224), ImageNet's mean and
    /// deviation.</summary>
    public static Preprocessing ImageNet { get; } =
        new("imagenet", image => BilinearResize.ResizeShorterSideAndCrop(image, 256, Size), Normalization.ImageNet);

    /// <summary>Resize((224, 224)) whatever the proportions, ImageNet's mean and deviation.</summary>
    public static Preprocessing Squash { get; } = new("squash", Square, Normalization.ImageNet);

    /// <summary>Resize((224, 224)), then mean 0.5 and deviation 0.5: values in [-1, 1], as TensorFlow's MobileNet and Inception take
    /// them.</summary>
    public static Preprocessing Half { get; } = new("half", Square, Normalization.Half);

    /// <summary>Resize((224, 224)), then each image stretched from its own smallest and largest value to [-1, 1].</summary>
    public static Preprocessing MinMax { get; } = new("min_max", Square, Normalization.MinMax);

    /// <summary>Resize((224, 224)), then blue, green, red from 0 to 255 less ImageNet's mean, as Caffe's networks take them.</summary>
    public static Preprocessing Caffe { get; } = new("caffe", Square, Normalization.Caffe);

    /// <summary>Every preset; the first is the default.</summary>
    public static IReadOnlyList<Preprocessing> All { get; } = [ImageNet, Squash, Half, MinMax, Caffe];

    /// <summary>The preset of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public static Preprocessing Find(string name) => All.FirstOrDefault(preset => preset.Name == name)
        ?? throw new InputException(
            $"There is no preprocessing '{name}'; the presets are {string.Join(", ", All.Select(preset => preset.Name))}.");

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
                throw new ArgumentException(
                    $"A batch has one size, not {images[n].Width} x {images[n].Height} and {shape[3]} x {shape[2]}.", nameof(images));
            }

            Normalization.Apply(images[n], values.AsSpan(n * size, size));
        }

        return engine.Upload(shape, values);
    }

    private static RgbImage Square(RgbImage image) => BilinearResize.Resize(image, Size, Size);
}
