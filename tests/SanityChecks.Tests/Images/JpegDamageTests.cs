using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

public sealed class JpegDamageTests
{
    [Theory]
    [InlineData("gray")]
    [InlineData("size_7x5")]
    [InlineData("restart_each_mcu")]
    [InlineData("restart_progressive")]
    [InlineData("scans_many_bits")]
    [InlineData("cmyk_adobe")]
    public void A_file_cut_anywhere_is_truncated(string name)
    {
        byte[] file = JpegFixtures.Read(name);
        for (int length = 3; length < file.Length; length++)
        {
            ImageFormatException error = Refused(file[..length]);

            Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0xC3)] // lossless
    [InlineData(0xC5)] // hierarchical
    [InlineData(0xC7)]
    [InlineData(0xCB)] // lossless, arithmetic
    [InlineData(0xDE)]
    [InlineData(0xF2)] // reserved
    public void An_unsupported_kind_of_frame_is_refused(byte marker)
    {
        byte[] file = JpegFixtures.Read("gray");
        file[JpegFixtures.Find(file, 0xC0)] = marker;

        Refused(file);
    }

    [Theory]
    [InlineData(3, 12)] // bits a sample
    [InlineData(5, 0)] // no rows
    [InlineData(7, 0)] // no columns
    [InlineData(10, 0x51)] // sampled five times as wide
    [InlineData(10, 0x10)]
    [InlineData(2, 18)] // an impossible length
    [InlineData(11, 3)] // a table that the file does not have
    [InlineData(9, 99)] // a component that no scan has
    public void A_frame_header_that_cannot_be_is_refused(int position, byte value)
    {
        byte[] file = JpegFixtures.Read("size_2x3");
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]) + 1;
        Assert.Equal([0, 17, 8, 0, 3, 0, 2, 3, 1], file[(frame + 1)..(frame + 10)]);
        file[frame + position] = value;

        Refused(file);
    }

    [Fact]
    public void More_pixels_than_the_limit_are_refused_before_any_memory_is_taken()
    {
        byte[] file = WithSize(20_000, 10_001);

        (ImageFormatException error, long allocated) = RefusedWithMemory(file);

        Assert.Contains("20000 x 10001 pixels are more than the 200000000 that are read", error.Message, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 1_000_000);
    }

    [Fact]
    public void A_short_file_of_a_large_image_is_truncated_before_any_memory_is_taken()
    {
        byte[] file = WithSize(20_000, 10_000);

        (ImageFormatException error, long allocated) = RefusedWithMemory(file);

        Assert.Contains("is truncated: ", error.Message, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 1_000_000);
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
    public void A_small_file_of_very_many_scans_is_refused() =>
        Assert.Contains("scans, too many for its length", Refused(ManyScans(4000, 4000)).Message, StringComparison.Ordinal);

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

    private static ImageFormatException Refused(byte[] file) => Assert.Throws<ImageFormatException>(() => ImageFile.Load(file));
}
