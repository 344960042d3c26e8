using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Images;

/// <summary>Normalised values against torchvision's ToTensor and Normalize, to the bit, and the sizes of fitted images.</summary>
public class PreprocessingTests
{
    private static readonly byte[] Pixels = [0, 1, 2, 255, 254, 253, 128, 127, 126, 13, 77, 200, 50, 100, 150, 255, 0, 255];

    /// <summary>The bits of what torchvision gives for <see cref="Pixels"/> as three columns and two rows.</summary>
    private static readonly uint[] Normalised =
    [
        0xc0078bbd, 0x400fee1d, 0x3d97af32, 0xbff2989b, 0xbfa17e48, 0x400fee1d,
        0xc0012a4f, 0x401a4ee0, 0x3e402de4, 0xbf300b78, 0xbe91ed5a, 0xc0024924,
        0xbfe281cc, 0x4026baa4, 0x3ec88442, 0x3fd737ef, 0x3f4f57e3, 0x4028f5c3,
    ];

    [Theory]
    [InlineData("imagenet")]
    [InlineData("squash")]
    public void Normalised_values_equal_torchvision_to_the_bit(string name)
    {
        float[] values = new float[18];
        Preprocessing.Find(name).Normalization.Apply(new RgbImage(3, 2, Pixels), values);
        Assert.Equal(Normalised, values.Select(BitConverter.SingleToUInt32Bits));
    }

    [Theory]
    [InlineData("half", new[] { -1f, 0.6f, 1f, -0.2f, 0.2f, -0.6f })]
    [InlineData("min_max", new[] { -1f, 0.6f, 1f, -0.2f, 0.2f, -0.6f })]
    [InlineData("caffe", new[] { 49.061f, -52.939f, 138.221f, -14.779f, -123.68f, 80.32f })]
    public void Other_normalisations_by_hand(string name, float[] expected)
    {
        // Two pixels; the planes are red 0 204, green 255 102, blue 153 51.
        float[] values = new float[6];
        Preprocessing.Find(name).Normalization.Apply(new RgbImage(2, 1, [0, 255, 153, 204, 102, 51]), values);
        Assert.All(values.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 3e-5f));
    }

    [Fact]
    public void Min_max_stretches_the_range_of_the_image_at_hand()
    {
        float[] values = new float[6], constant = new float[6];
        Normalization.MinMax.Apply(new RgbImage(2, 1, [10, 60, 110, 35, 85, 60]), values);
        Assert.Equal([-1, -0.5f, 0, 0.5f, 1, 0], values);
        Normalization.MinMax.Apply(new RgbImage(2, 1, [7, 7, 7, 7, 7, 7]), constant);
        Assert.Equal([-1, -1, -1, -1, -1, -1], constant);
    }

    [Theory]
    [InlineData("imagenet", 640, 480)]
    [InlineData("imagenet", 300, 500)]
    [InlineData("imagenet", 20, 20)]
    [InlineData("imagenet", 1000, 3)]
    [InlineData("caffe", 640, 480)]
    [InlineData("squash", 640, 480)]
    [InlineData("squash", 1, 700)]
    [InlineData("squash", 224, 224)]
    public void Every_image_is_fitted_to_224_pixels_square(string name, int width, int height)
    {
        RgbImage fitted = Preprocessing.Find(name).Fit(Gradient(width, height));
        Assert.Equal((224, 224), (fitted.Width, fitted.Height));
    }

    [Fact]
    public void Imagenet_cuts_the_edges_off_and_squash_keeps_them()
    {
        // Red runs from 0 at the left to 255 at the right, over twice the height.
        RgbImage wide = Gradient(512, 256);
        RgbImage cropped = Preprocessing.ImageNet.Fit(wide), squashed = Preprocessing.Squash.Fit(wide);
        int middle = 112 * 224 * 3;
        Assert.Equal(wide.Pixels[144 * 3], cropped.Pixels[middle]); // (512 - 224) / 2
        Assert.Equal(wide.Pixels[(144 + 223) * 3], cropped.Pixels[middle + (223 * 3)]);
        Assert.InRange(squashed.Pixels[middle], 0, 1);
        Assert.InRange(squashed.Pixels[middle + (223 * 3)], 254, 255);
    }

    [Fact]
    public void Squash_leaves_an_image_of_the_right_size_as_it_is() =>
        Assert.Equal(Gradient(224, 224).Pixels, Preprocessing.Squash.Fit(Gradient(224, 224)).Pixels);

    [Fact]
    public void A_batch_holds_its_images_one_after_another()
    {
        using IEngine engine = Engines.Create("cpu");
        var first = new RgbImage(3, 2, Pixels);
        var second = new RgbImage(3, 2, [.. Pixels.Reverse()]);
        using Tensor batch = Preprocessing.ImageNet.ToTensor([first, second], engine);
        float[] values = new float[36], one = new float[18], two = new float[18];
        engine.Download(batch, values);
        Preprocessing.ImageNet.Normalization.Apply(first, one);
        Preprocessing.ImageNet.Normalization.Apply(second, two);
        Assert.Equal(new Shape(2, 3, 2, 3), batch.Shape);
        Assert.Equal([.. one, .. two], values);
    }

    [Fact]
    public void Images_of_two_sizes_are_no_batch()
    {
        using IEngine engine = Engines.Create("cpu");
        Assert.StartsWith("A batch has one size, not 2 x 3 and 3 x 2.", Assert.Throws<ArgumentException>(
            () => Preprocessing.Squash.ToTensor([new RgbImage(3, 2, Pixels), new RgbImage(2, 3, Pixels)], engine)).Message);
    }

    [Fact]
    public void The_first_preset_is_imagenets_and_an_unknown_one_is_named_with_those_that_there_are()
    {
        Assert.Equal("imagenet", Preprocessing.All[0].Name);
        Assert.StartsWith(
            "There is no preprocessing 'torchvision'; the presets are imagenet, squash",
            Assert.Throws<InputException>(() => Preprocessing.Find("torchvision")).Message);
    }

    /// <summary>Four columns, three rows.</summary>
    internal static RgbImage Colors => new(4, 3, [.. Pixels, 0, 255, 0, 255, 255, 0, 7, 7, 7, 200, 13, 77, 0, 0, 255, 255, 0, 0]);

    [Theory]
    [InlineData(224, 224, 256)]
    [InlineData(299, 299, 342)]
    [InlineData(32, 32, 37)]
    [InlineData(7, 7, 8)]
    [InlineData(160, 224, 256)]
    [InlineData(224, 160, 256)]
    public void The_shorter_side_becomes_as_much_longer_than_the_crop_as_in_torchvisions_presets(int height, int width, int resize) =>
        Assert.Equal(resize, Preprocessing.ResizeFor(height, width));

    [Fact]
    public void A_crop_of_299_equals_torchvisions_to_the_byte()
    {
        // torchvision 0.14 on Pillow 9.4: Resize(342), CenterCrop(299).
        RgbImage image = ImageFile.Load(SharedFolder.PathOrSkip("data/imagenet-val/n02672831/ILSVRC2012_val_00000204.JPEG"));
        RgbImage crop = (Preprocessing.ImageNet with { Height = 299, Width = 299, Resize = Preprocessing.ResizeFor(299, 299) }).Fit(image);
        Assert.Equal("c2fc88a863fdc4604f279af2d6dce99aed0c3959621fc319800466c299ef7573", JpegFixtures.Hash(crop));
    }

    [Fact]
    public void Any_size_is_fitted_rows_before_columns()
    {
        RgbImage wide = Gradient(512, 256);
        foreach (Preprocessing preset in Preprocessing.All.Where(preset => preset.Way != ImageFit.AsIs))
        {
            RgbImage fitted = (preset with { Height = 96, Width = 64, Resize = 110 }).Fit(wide);
            Assert.Equal((96, 64), (fitted.Height, fitted.Width));
        }

        RgbImage cut = (Preprocessing.ImageNet with { Height = 100, Width = 50, Resize = 256 }).Fit(wide);
        Assert.Equal(wide.Pixels.AsSpan(3 * ((78 * 512) + 231), 150), cut.Pixels.AsSpan(0, 150)); // (256 - 100) / 2, (512 - 50) / 2
        Assert.Same(wide, Preprocessing.AsIs.Fit(wide));
    }

    [Fact]
    public void Gray_is_Pillows_luminance_taken_before_the_resize()
    {
        // Pillow 9.4: convert("L"); of the same, resize((3, 2), Image.BILINEAR), which differs from resizing first.
        var normalization = new Normalization(PixelRange.ToByte, [0], [1], ChannelOrder.Gray);
        var gray = new Preprocessing("", ImageFit.AsIs, normalization);
        Assert.Equal([1, 254, 127, 72, 91, 105, 150, 226, 7, 76, 29, 76], Seen(gray));
        Assert.Equal([84, 167, 131, 53, 81, 115], Seen(gray with { Way = ImageFit.Squash, Height = 2, Width = 3 }));

        static float[] Seen(Preprocessing preprocessing)
        {
            using IEngine engine = Engines.Create("cpu");
            RgbImage fitted = preprocessing.Fit(Colors);
            using Tensor input = preprocessing.ToTensor([fitted], engine);
            Assert.Equal(new Shape(1, 1, fitted.Height, fitted.Width), input.Shape);
            float[] values = new float[input.Shape.Count];
            engine.Download(input, values);
            return values;
        }
    }

    [Fact]
    public void Three_values_are_not_of_one_channel_nor_two_of_three()
    {
        Assert.Throws<ArgumentException>(() => new Normalization(PixelRange.ToOne, [0, 0, 0], [1], ChannelOrder.Gray));
        Assert.Throws<ArgumentException>(() => new Normalization(PixelRange.ToOne, [0, 0], [1], ChannelOrder.Rgb));
    }

    private static RgbImage Gradient(int width, int height) => new(
        width, height,
        [.. Enumerable.Range(0, width * height)
            .SelectMany(i => new[] { (byte)(i % width * 255 / Math.Max(1, width - 1)), (byte)(i / width), (byte)17 })]);
}
