using System.Diagnostics;
using SanityChecks.Images;
using SanityChecks.Images.Sources;

namespace SanityChecks.Tests.Images;

public sealed class ImageFileTests
{
    private static readonly string OthersFolder = Path.Combine(
        SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Images", "Fixtures", "others");

    private static readonly string[] Refused = ["still.gif", "555.bmp", "565.bmp"];

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

    [Theory]
    [InlineData("GIF89a", "the file is a GIF; JPEG, PNG, WebP and BMP can be read")]
    [InlineData("II*\0", "the file is a TIFF; JPEG, PNG, WebP and BMP can be read")]
    [InlineData("\0\0\0\u0018ftypheic", "the file is an AVIF or HEIC; JPEG, PNG, WebP and BMP can be read")]
    [InlineData("\u0089PNG\r\n\u001a", "the file is of no known kind; JPEG, PNG, WebP and BMP can be read")]
    [InlineData("?", "the file is of no known kind; JPEG, PNG, WebP and BMP can be read")]
    [InlineData("", "the file is empty")]
    [InlineData("\u0089PNG\r\n\u001a\n", "the PNG file's header is damaged, or of a kind that cannot be read")]
    [InlineData("RIFF    WEBP", "the WebP file is truncated")]
    [InlineData("RIFF\u0004\0\0\0WEBP", "the WebP file's header is damaged, or of a kind that cannot be read")]
    [InlineData("BM", "the BMP file's header is damaged, or of a kind that cannot be read")]
    public void Another_kind_of_file_is_named(string text, string message)
    {
        byte[] file = [.. text.Select(c => (byte)c)];

        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageFile.Load(file));

        Assert.Equal(message, error.Message);
    }

    public static TheoryData<string> Others =>
        [.. File.ReadAllLines(Path.Combine(OthersFolder, "expected.txt"))
            .Where(line => !Refused.Any(name => line.StartsWith(name, StringComparison.Ordinal)))];

    [Theory]
    [MemberData(nameof(Others))]
    public void Pixels_of_WebP_and_BMP_equal_those_of_Pillow(string line)
    {
        string[] fields = line.Split(' ');

        RgbImage image = ImageFile.Load(Path.Combine(OthersFolder, fields[0]));

        Assert.Equal((fields[1], fields[2]), ($"{image.Width}", $"{image.Height}"));
        Assert.Equal(fields[3], JpegFixtures.Hash(image));
    }

    [Theory]
    [InlineData("lossy.webp")]
    [InlineData("lossless-alpha.webp")]
    [InlineData("rgb.bmp")]
    [InlineData("palette.bmp")]
    public void A_WebP_or_BMP_file_cut_anywhere_is_refused(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(OthersFolder, name));
        for (int length = 1; length < file.Length; length++)
        {
            Assert.Throws<ImageFormatException>(() => ImageFile.Load(file.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("still.gif", "is a GIF")]
    [InlineData("555.bmp", "16 bits a pixel")]
    [InlineData("565.bmp", "16 bits a pixel")]
    public void What_is_refused_is_told_why(string name, string reason)
    {
        Assert.Contains(name, Refused);
        Assert.Contains(
            reason, Assert.Throws<ImageFormatException>(() => ImageFile.Load(Path.Combine(OthersFolder, name))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_that_nobody_writes_to_is_refused_at_once()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("pipes have no names in folders there");
        }

        string folder = Directory.CreateTempSubdirectory().FullName, pipe = Path.Combine(folder, "pipe.jpg");
        try
        {
            using (Process made = Process.Start("mkfifo", [pipe]))
            {
                made.WaitForExit();
                Assert.Equal(0, made.ExitCode);
            }

            File.CreateSymbolicLink(Path.Combine(folder, "link.jpg"), pipe);
            Assert.All(["pipe.jpg", "link.jpg"], name => Assert.Equal(
                "the file is empty, or a pipe or device",
                Assert.Throws<ImageFormatException>(() => ImageFile.Load(Path.Combine(folder, name))).Message));
            Assert.Equal("unreadable", new ImageFileItem("pipe.jpg", pipe, null, null).Sha256());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_file_that_is_absent_is_no_format_error()
    {
        string absent = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        Assert.Throws<FileNotFoundException>(() => ImageFile.Load(absent));
    }
}
