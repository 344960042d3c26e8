using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using SanityChecks.Tests.Cli;

namespace SanityChecks.Tests.Images;

/// <summary>Damaged image files, read by the program in a process of its own: a fault within the native decoder ends a process.</summary>
public sealed class FuzzTests : IDisposable
{
    /// <summary>Files of each case; more where SANITYCHECKS_FUZZ says so.</summary>
    private static readonly int Files = int.Parse(
        Environment.GetEnvironmentVariable("SANITYCHECKS_FUZZ") ?? "1000", System.Globalization.CultureInfo.InvariantCulture);

    private const int FilesOfAProcess = 1000;

    // What the largest mutant can make the program take is some hundred megabytes; the limit for a file of a few kilobytes lies well below
    // that of a large one.
    private const long LargestMemory = 2L << 30;

    private static readonly string[] Fixtures =
    [
        .. Directory.GetFiles(
            Path.Combine(SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Images", "Fixtures"), "*",
            SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".jpg", StringComparison.Ordinal) || file.EndsWith(".png", StringComparison.Ordinal)
                || file.EndsWith(".webp", StringComparison.Ordinal) || file.EndsWith(".bmp", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("sanitychecks-fuzz-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [SlowInlineData(2)]
    [SlowInlineData(3)]
    [SlowInlineData(4)]
    [SlowInlineData(5)]
    [SlowInlineData(6)]
    [SlowInlineData(7)]
    [SlowInlineData(8)]
    [SlowInlineData(9)]
    [SlowInlineData(10)]
    public void A_damaged_file_is_an_image_or_an_error_of_one_line(int seed)
    {
        byte[][] originals = [.. Fixtures.Select(File.ReadAllBytes)];
        var random = new Random(seed);
        int images = 0, refused = 0;
        for (int done = 0; done < Files; done += FilesOfAProcess)
        {
            for (int i = 0; i < FilesOfAProcess; i++)
            {
                // The names of all rounds are the same, so that a round replaces the files of the one before it.
                File.WriteAllBytes(Path.Combine(folder, $"{i:0000}.jpg"), Mutant(originals, random));
            }

            foreach (JsonElement image in Read(FilesOfAProcess).EnumerateArray())
            {
                if (image.TryGetProperty("error", out JsonElement error))
                {
                    Assert.DoesNotContain('\n', error.GetString()!);
                    refused++;
                }
                else
                {
                    Assert.Equal(64, image.GetProperty("rgb_sha256").GetString()!.Length);
                    images++;
                }
            }
        }

        // Neither outcome may be the only one: then the mutations would test nothing.
        Assert.InRange(images, Files / 20, Files);
        Assert.InRange(refused, Files / 5, Files);
    }

    private JsonElement Read(int count)
    {
        using Process process = ProgramProcess.Start("images", folder, "--json");
        long peak = 0;
        using var watch = new Timer(_ => peak = Math.Max(peak, Peak(process)), null, 0, 20);
        (int code, string output, string error) = ProgramProcess.End(process);
        Assert.Equal((2, ""), (code, error));
        Assert.InRange(peak, 1, LargestMemory);
        JsonElement images = JsonDocument.Parse(output).RootElement;
        Assert.Equal(count, images.GetArrayLength());
        return images;
    }

    private static long Peak(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0; // It has ended.
        }
    }

    private static byte[] Mutant(byte[][] originals, Random random)
    {
        List<byte> file = [.. originals[random.Next(originals.Length)]];
        bool png = file[0] == 0x89;
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            Change(file, originals, random);
        }

        byte[] mutant = [.. file];

        // Right checksums again, so that the code behind the checks is reached.
        if (png && random.Next(2) == 0)
        {
            PngBuilder.RepairChecksums(mutant);
        }

        return mutant;
    }

    private static void Change(List<byte> file, byte[][] originals, Random random)
    {
        if (file.Count < 16)
        {
            return;
        }

        int at = random.Next(2, file.Count);
        int length = random.Next(1, Math.Min(64, file.Count - at) + 1);
        switch (random.Next(10))
        {
            case 0 or 1:
                file[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                file[at] = (byte)random.Next(256);
                break;
            case 3 when file.Count > 20:
                // Cut off, with or without a JPEG's end marker.
                file.RemoveRange(at, file.Count - at);
                file.AddRange(random.Next(2) == 0 ? [0xFF, 0xD9] : []);
                break;
            case 4 when file.Count - length > 20:
                file.RemoveRange(at, length);
                break;
            case 5:
                byte[] noise = new byte[random.Next(1, 20)];
                random.NextBytes(noise);
                file.InsertRange(at, noise);
                break;
            case 6:
                int other = random.Next(2, file.Count - length + 1);
                for (int i = 0; i < length; i++)
                {
                    (file[at + i], file[other + i]) = (file[other + i], file[at + i]);
                }

                break;
            case 7:
                ChangeMarker(file, random);
                break;
            case 8 when file[0] == 0x89 && file.Count > 33:
                // The width or the height, or the kind of samples.
                byte[] size = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(size, random.Next(1, 5000));
                int header = random.Next(3) * 4 + 16;
                for (int i = 0; i < 4; i++)
                {
                    file[header + i] = header < 24 ? size[i] : (byte)random.Next(20);
                }

                break;
            default:
                byte[] inserted = originals[random.Next(originals.Length)];
                file.InsertRange(at, inserted.AsSpan(random.Next(2, inserted.Length)));
                break;
        }
    }

    /// <summary>A byte of a JPEG's headers: of sizes, samplings, tables.</summary>
    private static void ChangeMarker(List<byte> file, Random random)
    {
        int[] markers =
            [.. Enumerable.Range(2, Math.Max(0, file.Count - 3)).Where(i => file[i] == 0xFF && file[i + 1] >= 0xC0 && file[i + 1] != 0xFF)];
        if (markers.Length > 0)
        {
            int at = Math.Min(file.Count - 1, markers[random.Next(markers.Length)] + random.Next(1, 20));
            file[at] = random.Next(3) switch
            {
                0 => 0,
                1 => 0xFF,
                _ => (byte)random.Next(256),
            };
        }
    }
}
