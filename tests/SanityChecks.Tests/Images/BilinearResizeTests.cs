using System.Security.Cryptography;
using System.Text.Json;
using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

public sealed class BilinearResizeTests
{
    // sha256 of Pillow 9.4's Image.resize((w, h), BILINEAR) of Pattern.Noise(width, height, 1000 * width + height).
    [Theory]
    [InlineData(1, 1, 5, 7, "2840696b2150302ff0aaf1d3dbafd6ee46b0e371240db86ad4a1d71aaa425b44")]
    [InlineData(7, 5, 7, 5, "442fbc9e160921f4ecf058acf7983586a165d597c93d9d567ed0e512457f58ac")]
    [InlineData(7, 5, 7, 9, "83090c125dfa95f071fcf44b3097cb4b251aa60f69594371b8d288320f677c1f")]
    [InlineData(7, 5, 3, 5, "ba7fd1e0c6477a8fff88460718d60e0308df9d784fd0b9fb3a4b7b49400ba193")]
    [InlineData(31, 17, 224, 224, "6195c01ffa4a8bbda1dccc73b5a59c5269ed8c3fbf05864c998144a34426958a")]
    [InlineData(200, 150, 64, 48, "1bf1d61d293bb155e083d9865340912176888c3d10c2818e7e59a2c699628ea2")]
    [InlineData(101, 77, 50, 50, "bf97030047a1d5efd5d35813fdb8dee72363e499a3a144c0e1ea9ebb6893d33a")]
    [InlineData(97, 3, 11, 200, "b7b4e9ed659bd047834bf72ce9b0544e9c4f0a8fc768935075190c0694d0c19f")]
    [InlineData(3, 97, 200, 11, "805d4a045fd88c501d20acafcf659e984af4cc45783a0e528e8401aef03cfe4c")]
    [InlineData(500, 2, 2, 500, "21a722d5925f4a6b57bfb9fca7264d139dcb96d45941a3ff3c31637ee9ac97de")]
    [InlineData(64, 64, 63, 65, "ec575a33045c363d8f09fae71f99e660b307bbff8e7ca6035adcd1077d6412fa")]
    [InlineData(256, 1, 1, 1, "cdeb883dd3935566962b452af4d0abc2ca5afc8e27a2f56133afa26f1f702a1d")]
    [InlineData(333, 250, 341, 256, "76e8da336e8a4f8e1ff90a905a54f374e390db8df76c175a036cbf74d365c593")]
    [InlineData(40, 40, 1, 1, "2627aed2746e6882e64d6a39e461c1ad909aac3f7ec24aca57963a87352564ac")]
    public void Bytes_equal_those_of_Pillow(int width, int height, int newWidth, int newHeight, string sha256)
    {
        RgbImage resized = BilinearResize.Resize(Noise(width, height), newWidth, newHeight);

        Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
        Assert.Equal(sha256, Hash(resized));
    }

    // The same of torchvision 0.14's transforms.Resize(256) and CenterCrop(224).
    [Theory]
    [InlineData(1, 10000, "2d2cf11848a43e951aa0a34565d825425b477878dbc817e229e50f602163d380")]
    [InlineData(10000, 1, "5e478a7726bdaa4488b9bf36e6788e645412b2ac8eb9ea253d470ccf62f5af17")]
    [InlineData(8, 6550, "2334b353e16fc7dd071bbbfc7aaee1add282af8d49dc357ae54f6634bae15c19")]
    [InlineData(1, 1, "445320b03fd60716cded780c6eb75ddad1d9b66957b3773482a31fb54ad268c0")]
    [InlineData(3, 2, "8ee542e785083b826a727bd1f2e6b65c0a4516b7804a755a72b660b1169fadb4")]
    [InlineData(500, 375, "9be85e7e77f2b8279f158b67ad9c9f5fb35cc318fdc6642a7dfbc2c0d54f4f70")]
    [InlineData(375, 500, "ae5be76c5a367985cb05bade834fac237fce8cf1df22164d6095e25d40d23a4e")]
    [InlineData(300, 256, "90950fea044bd7c7e7eda6ae66f01c3b4cb4963663028c0c531ee6df8a20f7f0")]
    [InlineData(257, 4001, "6c504d67e63285b0188a917ddd017f16ba6d38fadead2ed12031f5e18aa8032e")]
    [InlineData(256, 256, "374899e02d961eb61900b0acb39e46a499ce04ee7caf2b1ac4183553bdb3aa01")]
    [InlineData(1000, 999, "bb1f8008e13405dfb4c7e919d6d296359e0d6c67573f55b8dba4bbe2abc77f1d")]
    public void The_middle_of_an_image_of_any_shape_is_torchvisions(int width, int height, string sha256)
    {
        RgbImage middle = BilinearResize.ResizeShorterSideAndCrop(Noise(width, height), 256, 224);

        Assert.Equal((224, 224), (middle.Width, middle.Height));
        Assert.Equal(sha256, Hash(middle));
    }

    [Fact]
    public void Crops_of_photographs_equal_those_of_torchvision()
    {
        string folder = SharedFolder.PathOrSkip("data/imagenet-val");
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOrSkip("reference/squeezenet1_1.json")));
        List<string> wrong = [];
        foreach (JsonProperty entry in reference.RootElement.GetProperty("images").EnumerateObject())
        {
            RgbImage image = ImageFile.Load(Path.Combine(folder, entry.Value.GetProperty("synset").GetString()!, entry.Name));
            RgbImage crop = BilinearResize.ResizeShorterSideAndCrop(image, 256, 224);
            if (Hash(crop) != entry.Value.GetProperty("crop_sha256").GetString())
            {
                wrong.Add(entry.Name);
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_same_size_is_a_copy()
    {
        RgbImage image = Noise(5, 4);

        RgbImage copy = BilinearResize.Resize(image, 5, 4);

        Assert.NotSame(image.Pixels, copy.Pixels);
        Assert.Equal(image.Pixels, copy.Pixels);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(20_000, 10_001)]
    [InlineData(1, int.MaxValue)]
    public void Sizes_without_pixels_or_with_too_many_are_refused(int width, int height)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BilinearResize.Resize(Noise(3, 3), width, height));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(10, 11)]
    [InlineData(int.MaxValue, 20_000)]
    public void A_crop_that_is_empty_or_larger_than_the_image_is_refused(int size, int crop) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BilinearResize.ResizeShorterSideAndCrop(Noise(3, 3), size, crop));

    internal static RgbImage Noise(int width, int height) => Pattern.Noise(width, height, (uint)((1000 * width) + height));

    internal static string Hash(RgbImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels));
}
