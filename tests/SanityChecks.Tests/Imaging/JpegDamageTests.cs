using SanityChecks.Imaging;

namespace SanityChecks.Tests.Imaging;

public sealed class JpegDamageTests
{
    [Theory]
    [InlineData("gray")]
    [InlineData("size_7x5")]
    [InlineData("restart_each_mcu")]
    [InlineData("restart_progressive")]
    [InlineData("scans_many_bits")]
    [InlineData("cmyk_adobe")]
    public void A_file_cut_anywhere_is_truncated_and_the_offset_is_its_length(string name)
    {
        byte[] file = JpegFixtures.Read(name);
        for (int length = 3; length < file.Length; length++)
        {
            ImageFormatException error = Refused(file[..length]);

            Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
            Assert.Equal(length, error.Offset);
        }
    }

    [Theory]
    [InlineData(0xC3, "lossless JPEG")]
    [InlineData(0xC5, "hierarchical JPEG")]
    [InlineData(0xC6, "hierarchical JPEG")]
    [InlineData(0xC7, "hierarchical JPEG")]
    [InlineData(0xC9, "arithmetic-coded JPEG")]
    [InlineData(0xCA, "arithmetic-coded JPEG")]
    [InlineData(0xCB, "lossless arithmetic-coded JPEG")]
    [InlineData(0xCE, "hierarchical arithmetic-coded JPEG")]
    [InlineData(0xDE, "hierarchical JPEG")]
    [InlineData(0xF2, "the reserved JPEG marker FFF2")]
    public void An_unsupported_kind_of_frame_is_named(byte marker, string expected)
    {
        byte[] file = JpegFixtures.Read("gray");
        int at = JpegFixtures.Find(file, 0xC0);
        file[at] = marker;

        ImageFormatException error = Refused(file);

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(at + 1, error.Offset);
    }

    [Theory]
    [InlineData(3, 12, "12 bits a sample")]
    [InlineData(5, 0, "height is not in its header")]
    [InlineData(7, 0, "no columns")]
    [InlineData(10, 0x51, "sampling factors 5x1")]
    [InlineData(10, 0x10, "sampling factors 1x0")]
    [InlineData(13, 0x31, "ratio that is not whole")]
    [InlineData(13, 0x33, "ratio that is not whole")]
    [InlineData(2, 18, "impossible length")]
    [InlineData(11, 3, "quantization table 3, which the file does not have")]
    [InlineData(9, 99, "component 1, which the frame does not have")]
    public void A_frame_header_that_cannot_be_is_explained(int position, byte value, string expected)
    {
        byte[] file = JpegFixtures.Read("size_2x3");
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]) + 1;
        Assert.Equal([0, 17, 8, 0, 3, 0, 2, 3, 1], file[(frame + 1)..(frame + 10)]);
        file[frame + position] = value;

        Assert.Contains(expected, Refused(file).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_pixels_than_the_limit_are_refused_before_any_memory_is_taken()
    {
        byte[] file = WithSize(20_000, 10_001);

        (ImageFormatException error, long allocated) = RefusedWithMemory(file);

        Assert.Contains("20000 x 10001 pixels are more than the 200000000", error.Message, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 1_000_000);
    }

    [Fact]
    public void A_short_file_of_a_large_image_is_truncated_before_any_memory_is_taken()
    {
        byte[] file = WithSize(20_000, 10_000);

        (ImageFormatException error, long allocated) = RefusedWithMemory(file);

        Assert.Contains("truncated: 20000 x 10000 pixels need more data", error.Message, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 1_000_000);
    }

    [Fact]
    public void Bits_that_are_no_code_are_reported()
    {
        ImageFormatException error = Refused(JpegFixtures.OneBlock(0b1_0000000));

        Assert.Contains("bits that are no Huffman code", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scan_that_ends_early_is_reported_with_the_marker_it_meets()
    {
        byte[] file = JpegFixtures.Read("gray");
        int data = JpegFixtures.Find(file, 0xDA) + 9;

        ImageFormatException error = Refused([.. file[..(data + 20)], 0xFF, 0xD9]);

        Assert.Contains("the scan ends early, at marker FFD9", error.Message, StringComparison.Ordinal);
        Assert.Equal(data + 20, error.Offset);
    }

    [Fact]
    public void A_restart_marker_out_of_turn_is_reported()
    {
        byte[] file = JpegFixtures.Read("restart_each_mcu");
        int second = JpegFixtures.Find(file, 0xD1);
        file[second] = 0xD3;

        ImageFormatException error = Refused(file);

        Assert.Contains("restart marker 1 is missing: the scan has marker FFD3 there", error.Message, StringComparison.Ordinal);
        Assert.Equal(second - 1, error.Offset);
    }

    [Fact]
    public void Data_left_over_before_a_restart_marker_is_reported()
    {
        byte[] file = JpegFixtures.Read("restart_each_mcu");
        int second = JpegFixtures.Find(file, 0xD1) - 1;

        Assert.Contains("before restart marker 1", Refused([.. file[..second], 0x55, .. file[second..]]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_bytes_before_a_restart_marker_are_accepted()
    {
        byte[] file = JpegFixtures.Read("restart_each_mcu");
        int second = JpegFixtures.Find(file, 0xD1) - 1;

        RgbImage image = ImageFile.Load([.. file[..second], 0xFF, 0xFF, .. file[second..]]);

        Assert.Equal(JpegFixtures.Expected["restart_each_mcu"].Sha256, JpegFixtures.Hash(image));
    }

    [Fact]
    public void A_component_without_a_scan_is_reported()
    {
        byte[] file = JpegFixtures.Read("scans_apart");
        int last = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);

        Assert.Contains("no scan of component 3", Refused([.. file[..last], 0xFF, 0xD9]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scan_that_comes_twice_is_reported()
    {
        byte[] file = JpegFixtures.Read("scans_apart");
        int last = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        Assert.Contains("second scan of component 3", Refused([.. file[..^2], .. file[last..]]).Message, StringComparison.Ordinal);

        file = JpegFixtures.Read("incomplete_bits");
        last = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        Assert.Contains("repeats or skips bits", Refused([.. file[..^2], .. file[last..]]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_images_in_one_are_reported()
    {
        byte[] file = JpegFixtures.Read("gray");
        byte[] fromFrame = file[(JpegFixtures.Find(file, 0xC0) - 1)..];

        Assert.Contains("second start marker", Refused([.. file[..^2], .. file]).Message, StringComparison.Ordinal);
        Assert.Contains("second frame", Refused([.. file[..^2], .. fromFrame]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_of_very_many_scans_is_refused() =>
        Assert.Contains("too many scans", Refused(ManyScans(4000, 4000)).Message, StringComparison.Ordinal);

    /// <summary>Every coefficient of a gray image bit by bit, each scan one run after another of ended blocks.</summary>
    private static byte[] ManyScans(int width, int height)
    {
        int blocks = (width + 7) / 8 * ((height + 7) / 8);
        List<byte> file =
        [
            0xFF, 0xD8,
            0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
            0xFF, 0xC2, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, 20, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0,
            0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, .. new byte[blocks / 8 + 1],
        ];
        for (byte k = 1; k < 64; k++)
        {
            for (int low = 13; low >= 0; low--)
            {
                int high = low == 13 ? 0 : low + 1;
                file.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, k, k, (byte)(high << 4 | low), .. new byte[blocks / 16384 * 15 / 8 + 4]]);
            }
        }

        return [.. file, 0xFF, 0xD9];
    }

    private static byte[] WithSize(int width, int height)
    {
        byte[] file = JpegFixtures.Read("gray");
        int frame = JpegFixtures.Find(file, 0xC0);
        file[frame + 4] = (byte)(height >> 8);
        file[frame + 5] = (byte)height;
        file[frame + 6] = (byte)(width >> 8);
        file[frame + 7] = (byte)width;
        return file;
    }

    private static (ImageFormatException Error, long Allocated) RefusedWithMemory(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageFormatException error = Refused(file);
        return (error, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static ImageFormatException Refused(byte[] file)
    {
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageFile.Load(file));
        Assert.InRange(error.Offset, 0, file.Length);
        return error;
    }
}
