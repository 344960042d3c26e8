using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Training;

/// <summary>A folder for each of three classes, with pictures that a glance at their color tells apart.</summary>
internal sealed class PictureFolder : IDisposable
{
    public static readonly string[] Classes = ["Zinnia", "apple", "lime"];

    private readonly TemporaryFolder folder = new();

    public PictureFolder(int each = 10)
    {
        for (int label = 0; label < Classes.Length; label++)
        {
            Directory.CreateDirectory(Of("photos", Classes[label]));
            for (int i = 0; i < each; i++)
            {
                PngFile.Save(Picture(label, i), Of("photos", Classes[label], $"{i:00}.png"));
            }
        }
    }

    public string Root => Of("photos");

    public string Of(params string[] parts) => folder.Of(parts);

    public void Dispose() => folder.Dispose();

    /// <summary>Noise in which one channel is brighter than the others; sizes differ.</summary>
    public static RgbImage Picture(int label, int number)
    {
        int width = 36 + number, height = 44 - number;
        var noise = new RandomStream(7, (label * 1000) + number, "picture");
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((120 * noise.Uniform(i)) + (i % 3 == label ? 130 : 40));
        }

        return new RgbImage(width, height, pixels);
    }
}
