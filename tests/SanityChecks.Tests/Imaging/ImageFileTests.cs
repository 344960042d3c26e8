using SanityChecks.Imaging;

namespace SanityChecks.Tests.Imaging;

public sealed class ImageFileTests
{
    [Fact]
    public void The_name_of_a_file_has_no_meaning()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        try
        {
            File.Copy(JpegFixtures.PathOf("gray"), path);

            Assert.Equal(JpegFixtures.Expected["gray"].Sha256, JpegFixtures.Hash(ImageFile.Load(path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_and_its_bytes_give_the_same_image()
    {
        RgbImage fromBytes = ImageFile.Load(JpegFixtures.Read("rgb_adobe"));
        RgbImage fromPath = ImageFile.Load(JpegFixtures.PathOf("rgb_adobe"));

        Assert.Equal(fromPath.Pixels, fromBytes.Pixels);
    }

    [Fact]
    public void A_file_with_the_signature_of_PNG_is_read_as_PNG()
    {
        byte[] signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageFile.Load(signature));

        Assert.DoesNotContain("neither", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GIF89a")]
    [InlineData("RIFF    WEBP")]
    [InlineData("\u0089PNG\r\n\u001a")]
    [InlineData("?")]
    public void Another_kind_of_file_is_refused(string text)
    {
        byte[] file = [.. text.Select(c => (byte)c)];

        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageFile.Load(file));

        Assert.Equal("the file is neither JPEG nor PNG (at byte 0)", error.Message);
        Assert.Equal(0, error.Offset);
    }

    [Fact]
    public void An_empty_file_is_refused_as_such()
    {
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageFile.Load(ReadOnlySpan<byte>.Empty));

        Assert.StartsWith("the file is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_absent_is_no_format_error()
    {
        string absent = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        Assert.Throws<FileNotFoundException>(() => ImageFile.Load(absent));
    }
}
