using SanityChecks.Compute;
using SanityChecks.Images;

namespace SanityChecks.Training;

/// <summary>How a photograph is varied each time that it is trained on.</summary>
/// <param name="Flip">Whether every other picture, by chance, is mirrored left to right.</param>
/// <param name="SmallestCrop">
/// The least part of the picture's area that is cut out, in (0, 1]; 1 takes the middle, as validation does. torchvision's RandomResizedCrop
/// with proportions from 3:4 to 4:3, except that a cut that would leave the picture is made narrower instead of drawn again.
/// </param>
public sealed record Augmentation(bool Flip, double SmallestCrop)
{
    private const int NumbersEach = 8;

    /// <summary>The middle of a picture: its shorter side to 8/7 of the size, then the center, as in <c>Resize(256),
    /// CenterCrop(224)</c>.</summary>
    public static RgbImage Middle(RgbImage image, int size) =>
        BilinearResize.ResizeShorterSideAndCrop(image, Preprocessing.ResizeFor(size, size), size);

    /// <summary>A variant of a picture.</summary>
    /// <param name="image">The whole picture.</param>
    /// <param name="size">Pixels a side of the result.</param>
    /// <param name="stream">Random numbers of the set.</param>
    /// <param name="index">Which variant; the same one for the same index.</param>
    public RgbImage Apply(RgbImage image, int size, RandomStream stream, long index)
    {
        long element = index * NumbersEach;
        RgbImage cut = SmallestCrop >= 1 ? Middle(image, size) : BilinearResize.Resize(Cut(image, stream, element), size, size);
        return Flip && stream.Uniform(element + 4) < 0.5 ? Mirrored(cut) : cut;
    }

    private RgbImage Cut(RgbImage image, RandomStream stream, long element)
    {
        double area = (SmallestCrop + ((1 - SmallestCrop) * stream.Uniform(element))) * image.Width * image.Height;
        double proportion = Math.Exp(((2 * stream.Uniform(element + 1)) - 1) * Math.Log(4.0 / 3));
        int width = Math.Clamp((int)Math.Round(Math.Sqrt(area * proportion)), 1, image.Width);
        int height = Math.Clamp((int)Math.Round(Math.Sqrt(area / proportion)), 1, image.Height);
        int left = (int)stream.Below(element + 2, image.Width - width + 1), top = (int)stream.Below(element + 3, image.Height - height + 1);
        byte[] pixels = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            image.Pixels.AsSpan(3 * (((top + y) * image.Width) + left), 3 * width).CopyTo(pixels.AsSpan(3 * y * width));
        }

        return new RgbImage(width, height, pixels);
    }

    private static RgbImage Mirrored(RgbImage image)
    {
        byte[] pixels = new byte[image.Pixels.Length];
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            (int y, int x) = Math.DivRem(i, image.Width);
            image.Pixels.AsSpan(3 * i, 3).CopyTo(pixels.AsSpan(3 * ((y * image.Width) + image.Width - 1 - x)));
        }

        return new RgbImage(image.Width, image.Height, pixels);
    }
}
