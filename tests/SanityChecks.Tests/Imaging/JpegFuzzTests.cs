using SanityChecks.Imaging;

namespace SanityChecks.Tests.Imaging;

public sealed class JpegFuzzTests
{
    private const int MutantsPerSeed = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void A_damaged_file_gives_an_image_or_a_format_exception(int seed)
    {
        byte[][] originals = [.. JpegFixtures.Expected.Keys.Order(StringComparer.Ordinal).Select(JpegFixtures.Read)];
        var random = new Random(seed);
        int images = 0;
        int refused = 0;
        for (int i = 0; i < MutantsPerSeed; i++)
        {
            byte[] mutant = Mutant(originals, random);
            try
            {
                RgbImage image = ImageFile.Load(mutant);
                Assert.Equal(3L * image.Width * image.Height, image.Pixels.Length);
                images++;
            }
            catch (ImageFormatException error)
            {
                Assert.InRange(error.Offset, 0, mutant.Length);
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, mutant {i} ({mutant.Length} bytes): {error}");
            }
        }

        // Both ways through the decoder are taken, not only the first check.
        Assert.InRange(images, MutantsPerSeed / 50, MutantsPerSeed);
        Assert.InRange(refused, MutantsPerSeed / 2, MutantsPerSeed);
    }

    private static byte[] Mutant(byte[][] originals, Random random)
    {
        List<byte> file = [.. originals[random.Next(originals.Length)]];
        int changes = random.Next(1, 4);
        for (int i = 0; i < changes; i++)
        {
            Change(file, originals, random);
        }

        return [.. file];
    }

    private static void Change(List<byte> file, byte[][] originals, Random random)
    {
        int at = random.Next(2, file.Count);
        int length = random.Next(1, Math.Min(64, file.Count - at) + 1);
        switch (random.Next(8))
        {
            case 0:
                file[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                file[at] = (byte)random.Next(256);
                break;
            case 2 when file.Count > 20:
                file.RemoveRange(at, file.Count - at);
                file.AddRange([0xFF, 0xD9]);
                break;
            case 3 when file.Count - length > 20:
                file.RemoveRange(at, length);
                break;
            case 4:
                byte[] noise = new byte[random.Next(1, 20)];
                random.NextBytes(noise);
                file.InsertRange(at, noise);
                break;
            case 5:
                SwapBlocks(file, at, random.Next(2, file.Count - length + 1), length);
                break;
            case 6:
                ChangeHeader(file, random);
                break;
            default:
                byte[] other = originals[random.Next(originals.Length)];
                file.InsertRange(at, other.AsSpan(random.Next(2, other.Length)));
                break;
        }
    }

    private static void SwapBlocks(List<byte> file, int first, int second, int length)
    {
        for (int i = 0; i < length; i++)
        {
            (file[first + i], file[second + i]) = (file[second + i], file[first + i]);
        }
    }

    private static void ChangeHeader(List<byte> file, Random random)
    {
        int[] markers = [.. Enumerable.Range(2, file.Count - 3).Where(i => file[i] == 0xFF && file[i + 1] >= 0xC0 && file[i + 1] != 0xFF)];
        if (markers.Length == 0)
        {
            return;
        }

        int at = Math.Min(file.Count - 1, markers[random.Next(markers.Length)] + random.Next(1, 20));
        file[at] = random.Next(4) switch
        {
            0 => 0,
            1 => 0xFF,
            2 => (byte)(file[at] + 1),
            _ => (byte)random.Next(256),
        };
    }
}
