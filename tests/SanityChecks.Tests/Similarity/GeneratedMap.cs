using SanityChecks.Compute;
using SanityChecks.Saliency;

namespace SanityChecks.Tests.Similarity;

/// <summary>Maps by integer formulas, the same bits as similarity_reference.py makes.</summary>
internal static class GeneratedMap
{
    public static SaliencyMap Make(string kind, int height, int width)
    {
        var values = new float[height * width];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Value(kind, i, height, width);
        }

        return new SaliencyMap(new Shape(height, width), values);
    }

    private static long Value(string kind, long i, int h, int w)
    {
        long r = i / w;
        long c = i % w;
        return kind switch
        {
            "noise" => Noise(i, 1),
            "other_noise" => FloorModulo(Noise(i, 2) * 31, 16777213) - (1 << 22),
            "ties" => FloorModulo(Noise(i, 3), 7) - 3,
            "blob" => Blob(r, c, h, w, h, w),
            "moved_blob" => Blob(r, c, h, w, h / 2, 3 * w / 2),
            "noisy_blob" => FloorModulo(Noise(i, 5), 101) - (Blob(r, c, h, w, h, w) % 977),
            "ramp" => r - (2 * c),
            "signs" => 1 - (2 * ((r + c) % 2)),
            "constant" => -3,
            "zeros" => 0,
            "one_pixel" => i == h * w / 2 ? 1 : 0,
            _ => throw new ArgumentException($"No generated map is called '{kind}'.", nameof(kind)),
        };
    }

    private static long Noise(long i, int seed) => ((((i + 1) * 2654435761L) + (seed * 40503L)) % 4294967296L >> 8) - (1 << 23);

    private static long Blob(long r, long c, int h, int w, int y, int x) =>
        Math.Max(0, ((h + w) * (h + w) / 4) - (4 * ((((2 * r) - y) * ((2 * r) - y)) + (((2 * c) - x) * ((2 * c) - x)))));

    private static long FloorModulo(long value, long modulus) => ((value % modulus) + modulus) % modulus;
}
