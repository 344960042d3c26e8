using System.Security.Cryptography;
using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

public sealed class PngFilesTests
{
    internal static string Folder { get; } = Path.Combine(SharedFolder.RepositoryRoot, "tests/SanityChecks.Tests/Images/Fixtures/png");

    public static TheoryData<string> Expected =>
        [.. File.ReadAllLines(Path.Combine(Folder, "expected.txt"))
            .Where(line => !line.StartsWith("palette-too-short", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Expected))]
    public void Pixels_equal_those_of_Pillow(string line)
    {
        string[] fields = line.Split(' ');

        RgbImage image = ImageFile.Load(File.ReadAllBytes(Path.Combine(Folder, fields[0])));

        Assert.Equal((fields[1], fields[2]), ($"{image.Width}", $"{image.Height}"));
        Assert.Equal(fields[3], Convert.ToHexStringLower(SHA256.HashData(image.Pixels)));
    }

    [Fact]
    public void Gray_of_sixteen_bits_keeps_the_high_byte()
    {
        byte[] file = PngBuilder.File(PngBuilder.Header(3, 1, 16, 0), PngBuilder.Data([0, 0x00, 0xFF, 0x12, 0x80, 0xFF, 0xFF]));

        Assert.Equal([0, 0, 0, 0x12, 0x12, 0x12, 0xFF, 0xFF, 0xFF], ImageFile.Load(file).Pixels);
    }

    // The specification's order in a tie: left, above, above left. Pillow 9.4 gives the same.
    [Theory]
    [InlineData(10, 12, 8, 10)]
    [InlineData(10, 12, 12, 12)]
    [InlineData(10, 8, 11, 8)]
    [InlineData(10, 11, 8, 8)]
    public void Paeths_prediction_resolves_ties(byte aboveLeft, byte above, byte left, byte expected)
    {
        byte[] rows = [0, aboveLeft, above, 4, unchecked((byte)(left - aboveLeft)), 0];

        RgbImage image = ImageFile.Load(PngBuilder.File(PngBuilder.Header(2, 2, 8, 0), PngBuilder.Data(rows)));

        Assert.Equal([left, expected], [image.Pixels[6], image.Pixels[9]]);
    }

    [Fact]
    public void A_file_cut_before_its_last_pixel_is_an_error_and_one_cut_behind_it_is_read_as_Pillow_reads_it()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Folder, "palette-4-13x11-adam7.png"));

        // The checksums of the stream and of its chunk, and the end chunk.
        int pixels = file.Length - 4 - 4 - 12;
        for (int length = 1; length < pixels; length++)
        {
            Assert.Throws<ImageFormatException>(() => ImageFile.Load(file.AsSpan(0, length)));
        }

        for (int length = pixels; length < file.Length; length++)
        {
            Assert.Equal(ImageFile.Load(file).Pixels, ImageFile.Load(file.AsSpan(0, length)).Pixels);
        }
    }

    [Fact]
    public void A_color_that_the_palette_lacks_is_its_last()
    {
        byte[] file = PngBuilder.File(
            PngBuilder.Header(2, 1, 8, 3), PngBuilder.Chunk("PLTE", [1, 2, 3, 4, 5, 6]), PngBuilder.Data([0, 1, 9]));

        Assert.Equal([4, 5, 6, 4, 5, 6], ImageFile.Load(file).Pixels);
    }

    [Theory]
    [InlineData("IHDR")]
    [InlineData("PLTE")]
    [InlineData("IDAT")]
    public void A_wrong_checksum_of_a_critical_chunk_is_an_error(string chunk)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Folder, "palette-8-13x11.png"));
        int type = file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(chunk));
        int end = type + 4 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(type - 4));
        file[end] ^= 1;

        Assert.Throws<ImageFormatException>(() => ImageFile.Load(file));
    }

    [Theory]
    [InlineData(1, 1, 3, 0, 0)]
    [InlineData(1, 1, 4, 2, 0)]
    [InlineData(1, 1, 16, 3, 0)]
    [InlineData(1, 1, 8, 5, 0)]
    [InlineData(1, 1, 8, 2, 2)]
    [InlineData(0, 1, 8, 2, 0)]
    [InlineData(20000, 10001, 8, 2, 0)]
    [InlineData(1, 1, 8, 3, 0)]
    public void A_header_that_promises_the_impossible_is_an_error(int width, int height, int bits, int color, int interlace)
    {
        byte[] file = PngBuilder.File(PngBuilder.Header(width, height, bits, color, interlace), PngBuilder.Data([0, 1, 2, 3]));

        Assert.Throws<ImageFormatException>(() => ImageFile.Load(file));
    }

    [Theory]
    [InlineData(new byte[] { 5, 1, 2, 3, 0, 1, 2, 3 })]
    [InlineData(new byte[] { 0, 1, 2, 3 })]
    public void Rows_that_are_wrong_or_missing_are_an_error(byte[] rows)
    {
        byte[] file = PngBuilder.File(PngBuilder.Header(1, 2, 8, 2), PngBuilder.Data(rows));

        Assert.Throws<ImageFormatException>(() => ImageFile.Load(file));
    }

    [Fact]
    public void A_stream_that_asks_for_a_dictionary_is_an_error()
    {
        byte[] file = PngBuilder.File(PngBuilder.Header(1, 1, 8, 2), PngBuilder.Chunk("IDAT", [0x78, 0xBB, 1, 2, 3, 4, 5, 6, 7, 8]));

        Assert.Throws<ImageFormatException>(() => ImageFile.Load(file));
    }

    [Theory]
    [InlineData("PLTE", new byte[] { 1, 2, 3, 4 })]
    [InlineData("ABCD", new byte[] { 1, 2, 3, 4 })]
    [InlineData("acTL", new byte[] { 0, 0, 0, 2, 0, 0, 0, 0 })]
    public void A_chunk_that_is_not_needed_is_passed_over_as_in_Pillow(string type, byte[] content)
    {
        byte[] file = PngBuilder.File(PngBuilder.Header(1, 1, 8, 2), PngBuilder.Chunk(type, content), PngBuilder.Data([0, 1, 2, 3]));

        Assert.Equal([1, 2, 3], ImageFile.Load(file).Pixels);
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(20_000_000, 100_000)]
    public void A_small_file_that_declares_a_huge_image_allocates_little(int inflatedBytes, int trailingBytes)
    {
        byte[] data = [.. PngBuilder.Zlib(new byte[inflatedBytes]), .. new byte[trailingBytes]];
        byte[] file = PngBuilder.File(PngBuilder.Header(20_000, 10_000, 1, 0), PngBuilder.Chunk("IDAT", data));

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImageFormatException>(() => ImageFile.Load(file));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void An_image_that_compresses_extremely_well_is_decoded()
    {
        byte[] file = PngBuilder.File(PngBuilder.Header(4000, 2000, 1, 0), PngBuilder.Data(new byte[2000 * 501]));

        RgbImage image = ImageFile.Load(file);

        Assert.Equal((4000, 2000), (image.Width, image.Height));
        Assert.False(image.Pixels.AsSpan().ContainsAnyExcept((byte)0));
    }
}
