using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Images;

/// <summary>How a photograph becomes a network's input: fitted to a size in 8-bit pixels, then normalized.</summary>
/// <param name="Name">A preset's name, or that of the section whose values it has.</param>
/// <param name="Way">How it comes to its size.</param>
/// <param name="Normalization">Turns its pixels into values.</param>
public sealed record Preprocessing(string Name, ImageFit Way, Normalization Normalization)
{
    /// <summary>torchvision's transform on Pillow images: Resize(256) of the shorter side, CenterCrop(224), ImageNet's mean and
    /// deviation.</summary>
    public static Preprocessing ImageNet { get; } = new("imagenet", ImageFit.Crop, Normalization.ImageNet);

    /// <summary>Resize((224, 224)) whatever the proportions, ImageNet's mean and deviation.</summary>
    public static Preprocessing Squash { get; } = new("squash", ImageFit.Squash, Normalization.ImageNet);

    /// <summary>Resize((224, 224)), then mean 0.5 and deviation 0.5: values in [-1, 1], as TensorFlow's MobileNet and Inception take
    /// them.</summary>
    public static Preprocessing Half { get; } = new("half", ImageFit.Squash, Normalization.Half);

    /// <summary>Resize((224, 224)), then each image stretched from its own smallest and largest value to [-1, 1].</summary>
    public static Preprocessing MinMax { get; } = new("min_max", ImageFit.Squash, Normalization.MinMax);

    /// <summary>Resize((224, 224)), then blue, green, red from 0 to 255 less ImageNet's mean, as Caffe's networks take them.</summary>
    public static Preprocessing Caffe { get; } = new("caffe", ImageFit.Squash, Normalization.Caffe);

    /// <summary>No resizing, ImageNet's mean and deviation: what networks for CIFAR's small pictures take.</summary>
    public static Preprocessing AsIs { get; } = new("as_is", ImageFit.AsIs, Normalization.ImageNet);

    /// <summary>Every preset, for images of 224 x 224; the first is the default.</summary>
    public static IReadOnlyList<Preprocessing> All { get; } = [ImageNet, Squash, Half, MinMax, Caffe, AsIs];

    /// <summary>Rows of a fitted image; without meaning where images stay as they are.</summary>
    public int Height { get; init; } = 224;

    /// <summary>Pixels a row; without meaning where images stay as they are.</summary>
    public int Width { get; init; } = 224;

    /// <summary>To what length the shorter side is resized before the middle is cut out.</summary>
    public int Resize { get; init; } = ResizeFor(224, 224);

    /// <summary>The preset of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public static Preprocessing Find(string name) => All.FirstOrDefault(preset => preset.Name == name)
        ?? throw new InputException(
            $"There is no preprocessing '{name}'; the presets are {string.Join(", ", All.Select(preset => preset.Name))}.");

    /// <summary>To what length torchvision's presets resize the shorter side: 256 for 224, 342 for 299, and 8/7, rounded, of whatever the
    /// longer side of the crop is.</summary>
    /// <param name="height">Rows of the crop.</param>
    /// <param name="width">Pixels a row.</param>
    public static int ResizeFor(int height, int width) => ((Math.Max(height, width) * 8) + 3) / 7;

    /// <summary>The image at the size that maps are shown at, gray where the network sees gray.</summary>
    /// <param name="image">As it was decoded; unchanged.</param>
    public RgbImage Fit(RgbImage image)
    {
        RgbImage seen = Normalization.Channels == ChannelOrder.Gray ? image.ToGray() : image;
        return Way switch
        {
            ImageFit.Crop => BilinearResize.ResizeShorterSideAndCrop(seen, Resize, Height, Width),
            ImageFit.Squash => BilinearResize.Resize(seen, Width, Height),
            _ => seen,
        };
    }

    /// <summary>Boxes and masks of an image in the pixels of the fitted one; what of them lies outside is cut off.</summary>
    /// <param name="truth">In the pixels of the image as it was decoded; null where nothing is known.</param>
    public ImageTruth? Fit(ImageTruth? truth) => truth is null ? null : FittedTruth.Of(truth, this);

    /// <summary>Fitted images of one size as a tensor [N, C, H, W] of an engine.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="engine">Gets the values.</param>
    /// <exception cref="ArgumentException">The images differ in size.</exception>
    public Tensor ToTensor(IReadOnlyList<RgbImage> images, IEngine engine)
    {
        var shape = new Shape(images.Count, Normalization.ChannelCount, images[0].Height, images[0].Width);
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
}
