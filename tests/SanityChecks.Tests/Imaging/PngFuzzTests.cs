using System.Buffers.Binary;
using SanityChecks.Imaging;
using SanityChecks.Imaging.Png;

namespace SanityChecks.Tests.Imaging;

public sealed class PngFuzzTests
{
    private const int MutationsPerTenth = 2000;

    /// <summary>Half of the mutants get right checksums again, so that the code behind the checks is reached.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Damaged_files_give_an_image_or_a_format_exception(int tenth)
    {
        byte[][] originals = [.. Directory.GetFiles(PngDecoderTests.Folder, "*.png").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        Random random = new(1000 + tenth);
        int images = 0;
        int errors = 0;
        for (int n = 0; n < MutationsPerTenth; n++)
        {
            byte[] mutant = Mutate(originals[random.Next(originals.Length)], random);
            if (n % 2 == 0)
            {
                RepairChecksums(mutant);
            }

            try
            {
                RgbImage image = PngDecoder.Decode(mutant);
                Assert.Equal(3L * image.Width * image.Height, image.Pixels.LongLength);
                images++;
            }
            catch (ImageFormatException e)
            {
                Assert.InRange(e.Offset, 0, mutant.Length);
                errors++;
            }
            catch (Exception e)
            {
                Assert.Fail($"mutant {n} of tenth {tenth}: {e}\n{Convert.ToHexString(mutant)}");
            }
        }

        // Neither outcome may be the only one: then the mutations would test nothing.
        Assert.InRange(images, MutationsPerTenth / 50, MutationsPerTenth);
        Assert.InRange(errors, MutationsPerTenth / 4, MutationsPerTenth);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                int header = 16 + random.Next(PngHeader.Length);
                bytes[header] = (byte)random.Next(256);
                break;
            case 2:
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16 + (4 * random.Next(2))), random.Next(1, 5000));
                break;
            case 3:
                int from = random.Next(bytes.Length);
                bytes = [.. bytes[..from], .. bytes[Math.Min(bytes.Length, from + random.Next(1, 20))..]];
                break;
            default:
                for (int flips = random.Next(1, 6); flips > 0; flips--)
                {
                    bytes[random.Next(8, bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                break;
        }

        return bytes;
    }

    private static void RepairChecksums(byte[] file)
    {
        int position = PngChunks.Signature.Length;
        while (file.Length - position >= 12)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position));
            if (length > file.Length - position - 12)
            {
                break;
            }

            int end = position + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), Crc32.Compute(file.AsSpan(position + 4, 4 + (int)length)));
            position = end + 4;
        }
    }
}
