using System.Security.Cryptography;
using SanityChecks.Imaging;

namespace SanityChecks.Tests.Imaging;

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

    // The same of torchvision 0.14's transforms.Resize(size).
    [Theory]
    [InlineData(50, 37, 32, 43, 32, "7e448e130a3d2f601a0c8d23374cb56e9c90947804f219c44415ca3885592e2a")]
    [InlineData(37, 50, 32, 32, 43, "93dd96824a5b970f22c37f3a943e52e03882cf66db65508f276c8950e2062633")]
    [InlineData(32, 32, 32, 32, 32, "ef3540fcaee748651a05de6781dd4b89a8eff377484576dbf3cf7e90f190f3b2")]
    [InlineData(64, 33, 32, 62, 32, "f643a21d32c2b7db572d58a19f8130ebe0250b9f59bc68b60023950d75a37f06")]
    [InlineData(7, 5, 32, 44, 32, "d42247e377f7e08f774c5a05e71aa90416b6bed944b5131c5e8dead872062875")]
    [InlineData(33, 100, 256, 256, 775, "4ffb998b604da1700023994d68bac02f1933a47fc4159fb339c43e701dac8352")]
    [InlineData(100, 33, 19, 57, 19, "61931b1c307183bcf8fe2a11bf948c029deb10480633d695581023963f19964b")]
    public void The_shorter_side_is_resized_as_torchvision_does(int width, int height, int size, int newWidth, int newHeight, string sha256)
    {
        RgbImage resized = BilinearResize.ResizeShorterSide(Noise(width, height), size);

        Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
        Assert.Equal(sha256, Hash(resized));
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
    [InlineData(0)]
    [InlineData(10_000)]
    [InlineData(int.MaxValue)]
    public void A_shorter_side_that_makes_the_longer_one_absurd_is_refused(int size)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BilinearResize.ResizeShorterSide(Noise(1, 1000), size));
    }

    internal static RgbImage Noise(int width, int height) => Pattern.Noise(width, height, (uint)((1000 * width) + height));

    internal static string Hash(RgbImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels));
}
