using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

public sealed class PngFileTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300)]
    [InlineData(257, 3)]
    [InlineData(64, 64)]
    public void A_written_image_reads_back_exactly(int width, int height)
    {
        RgbImage image = Pattern.Noise(width, height, 5);

        Assert.Equal(image.Pixels, ImageFile.Load(PngFile.Encode(image)).Pixels);
    }

    [Fact]
    public void Smooth_images_are_filtered_before_they_are_compressed()
    {
        byte[] pixels = new byte[3 * 256 * 256];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / 3 % 256, y = i / 768;
            pixels[i] = (byte)(128 + (100 * Math.Sin((x * 0.031) + (i % 3)) * Math.Cos((y * 0.047) + (x * y * 0.0001))));
        }

        byte[] file = PngFile.Encode(new RgbImage(256, 256, pixels));

        Assert.InRange(file.Length, 1, PngBuilder.Zlib(pixels).Length / 2);
    }

    [Fact]
    public void The_same_pixels_give_the_same_bytes()
    {
        Assert.Equal(PngFile.Encode(Pattern.Noise(31, 17, 1)), PngFile.Encode(Pattern.Noise(31, 17, 1)));
    }

    [Fact]
    public void Saving_replaces_the_file_and_leaves_nothing_beside_it()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Path.Combine(folder, "map.png");
            PngFile.Save(Pattern.Noise(9, 9, 1), path);
            PngFile.Save(Pattern.Noise(5, 4, 2), path);

            Assert.Equal([path], Directory.GetFiles(folder));
            Assert.Equal(Pattern.Noise(5, 4, 2).Pixels, ImageFile.Load(File.ReadAllBytes(path)).Pixels);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_failed_save_leaves_no_temporary_file()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Path.Combine(folder, "taken");
            Directory.CreateDirectory(path);

            Assert.ThrowsAny<Exception>(() => PngFile.Save(Pattern.Noise(2, 2, 1), path));

            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
