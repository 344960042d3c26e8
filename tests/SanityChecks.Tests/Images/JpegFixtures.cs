using System.Security.Cryptography;
using System.Text.Json;
using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

/// <summary>The JPEG files that make_fixtures.py drew, with the hashes of Pillow's pixels.</summary>
internal static class JpegFixtures
{
    private static readonly string s_folder =
        Path.Combine(SharedFolder.RepositoryRoot, "tests", "SanityChecks.Tests", "Images", "Fixtures", "jpeg");

    /// <summary>Names and what Pillow decoded.</summary>
    public static Dictionary<string, Expectation> Expected { get; } = JsonSerializer.Deserialize<Dictionary<string, Expectation>>(
        File.ReadAllText(Path.Combine(s_folder, "fixtures.json")), JsonSerializerOptions.Web)!;

    public static string PathOf(string name) => Path.Combine(s_folder, name + ".jpg");

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public static string Hash(RgbImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels));

    /// <summary>Where the second byte of a marker stands: the first FF followed by it.</summary>
    public static int Find(byte[] file, byte marker)
    {
        int at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);
        Assert.True(at >= 0, $"the fixture has no marker {marker:X2}");
        return at + 1;
    }

    /// <summary>An 8x8 gray file, all divisors 16. Each table has the one code <c>0</c>: for DC size 3, for AC the block's end.</summary>
    public static byte[] OneBlock(byte data) =>
    [
        0xFF, 0xD8,
        0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)16, 64),
        0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xC4, 0, 20, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3,
        0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0,
        data,
        0xFF, 0xD9,
    ];

    internal sealed record Expectation(int Width, int Height, string Sha256);
}
