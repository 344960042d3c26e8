using System.Text.Json;
using SanityChecks.Imaging;

namespace SanityChecks.Tests.Imaging;

public sealed class CenterCropTests
{
    // sha256 of torchvision 0.14's transforms.CenterCrop((h, w)) of Pattern.Noise(width, height, 1000 * width + height).
    [Theory]
    [InlineData(9, 9, 4, 4, "a7cd0008d4c501c926ea12f44c1bf670a6d4ea976604da6a75712374253ad11c")]
    [InlineData(10, 9, 7, 6, "2628a3c618ca4b7be01c27a6c72ea81b6375d0689712c799becd20b0e152a7b2")]
    [InlineData(11, 8, 8, 8, "8c139147cec492b2318965a6695deb534ad5e49d3524736d9a36fd3a78e3a6f2")]
    [InlineData(5, 5, 8, 8, "9ef7af59775561dcb56ca0258105c2eb78406089603bf906d170a7884ba6c4b3")]
    [InlineData(5, 12, 8, 9, "c74c1b01bf54b14544af312bbdaa1c066d47fd66e5d735bbd711d98cecee9259")]
    [InlineData(12, 5, 9, 8, "6cb1f832cf3db7f6e83bf7a0d77ec448598e071e3772bee5b663e0cc32cb9e7d")]
    [InlineData(4, 4, 4, 4, "958cf4f3f19ca398ec18a62258e195777f512f67d3f6c5b74472d15ba7c59fe7")]
    [InlineData(3, 9, 10, 2, "b0bc29b5008bfde3671ea2ff2321a7bc792292b73a3f6a2bb97b0bd3095e6407")]
    [InlineData(1, 1, 3, 3, "7e1844b1ebdfe337d2d87d3bb21a5193d37d1674f8686db06aacb9d426889128")]
    public void Bytes_equal_those_of_torchvision(int width, int height, int cropWidth, int cropHeight, string sha256)
    {
        RgbImage crop = CenterCrop.Crop(BilinearResizeTests.Noise(width, height), cropWidth, cropHeight);

        Assert.Equal((cropWidth, cropHeight), (crop.Width, crop.Height));
        Assert.Equal(sha256, BilinearResizeTests.Hash(crop));
    }

    [Fact]
    public void A_square_crop_takes_one_length()
    {
        RgbImage image = BilinearResizeTests.Noise(9, 7);

        Assert.Equal(CenterCrop.Crop(image, 5, 5).Pixels, CenterCrop.Crop(image, 5).Pixels);
    }

    [Fact]
    public void Photographs_are_resized_and_cropped_as_torchvision_does()
    {
        string folder = SharedFolder.PathOrSkip("data/imagenet-val");
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOrSkip("reference/squeezenet1_1.json")));
        List<string> wrong = [];
        foreach (JsonProperty entry in reference.RootElement.GetProperty("images").EnumerateObject())
        {
            RgbImage image = ImageFile.Load(Path.Combine(folder, entry.Value.GetProperty("synset").GetString()!, entry.Name));
            RgbImage crop = CenterCrop.Crop(BilinearResize.ResizeShorterSide(image, 256), 224);
            if (BilinearResizeTests.Hash(crop) != entry.Value.GetProperty("crop_sha256").GetString())
            {
                wrong.Add(entry.Name);
            }
        }

        Assert.Empty(wrong);
    }
}
