using SanityChecks.Compute;
using SanityChecks.Tests.Randomization;

namespace SanityChecks.Tests.Compute;

/// <summary>The generator against its authors' vectors, keys against Python's hashlib, and the evenness of its numbers.</summary>
public class RandomStreamTests
{
    /// <summary>From Random123's kat_vectors: zeros, ones, and digits of pi.</summary>
    [Theory]
    [InlineData(
        new uint[] { 0, 0, 0, 0 }, new uint[] { 0, 0 },
        new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(
        new uint[] { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, new uint[] { 0xffffffff, 0xffffffff },
        new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(
        new uint[] { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, new uint[] { 0xa4093822, 0x299f31d0 },
        new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Blocks_equal_the_known_answers(uint[] counter, uint[] key, uint[] expected)
    {
        (uint a, uint b, uint c, uint d) = RandomStream.Philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
        Assert.Equal(expected, new[] { a, b, c, d });
    }

    /// <summary>Computed in Python: hashlib.sha256(struct.pack("&lt;Qi", seed, draw) + name.encode()) keys a Philox written from the
    /// paper.</summary>
    [Theory]
    [InlineData(1ul, 0, "features.28.weight", 0L, 0.212183660255569, 212L)]
    [InlineData(1ul, 0, "features.28.weight", 1L, 0.9778627763097715, 977L)]
    [InlineData(1ul, 0, "features.28.weight", 5_000_000_000L, 0.9534555709348224, 953L)]
    [InlineData(1ul, 1, "features.28.weight", 0L, 0.6476573028641669, 647L)]
    [InlineData(2ul, 0, "features.28.weight", 0L, 0.9101333321679498, 910L)]
    [InlineData(1ul, 0, "features.28.bias", 1L, 0.906819323310799, 906L)]
    [InlineData(ulong.MaxValue, 7, "größe.weight", 0L, 0.9317671841749945, 931L)]
    [InlineData(ulong.MaxValue, 7, "größe.weight", 1L, 0.16994343615633822, 169L)]
    public void Seed_draw_name_and_element_give_the_value(ulong seed, int draw, string name, long element, double uniform, long below)
    {
        var stream = new RandomStream(seed, draw, name);
        Assert.Equal(uniform, stream.Uniform(element));
        Assert.Equal(below, stream.Below(element, 1000));
    }

    [Theory]
    [InlineData(0ul, 1.1102230246251565e-16)]
    [InlineData(ulong.MaxValue, 1 - 1.1102230246251565e-16)]
    [InlineData(1ul << 63, 0.5 + 1.1102230246251565e-16)]
    public void Uniform_values_stay_off_both_ends(ulong bits, double expected) => Assert.Equal(expected, RandomStream.Open(bits));

    [Theory]
    [InlineData(0, 17)]
    [InlineData(5, 1)]
    [InlineData((1L << 32) - 9, 31)]
    [InlineData(1L << 40, 8)]
    public void Values_of_neighbours_are_those_of_each(long first, int count)
    {
        var stream = new RandomStream(3, 1, "features.28.weight");
        double[] together = new double[count];
        stream.Uniforms(first, together);
        Assert.Equal(Enumerable.Range(0, count).Select(i => stream.Uniform(first + i)), together);
    }

    [Fact]
    public void Streams_that_differ_in_seed_draw_or_name_share_no_value()
    {
        RandomStream[] streams =
        [
            .. new[] { "a.weight", "a.bias", "b.weight", "b.bias", "" }.SelectMany(name =>
                new[] { 0, 1, -1 }.SelectMany(draw => new ulong[] { 0, 1, 1ul << 32 }.Select(seed => new RandomStream(seed, draw, name)))),
        ];
        double[] values = [.. streams.SelectMany(stream => Enumerable.Range(0, 500).Select(i => stream.Uniform(i)))];
        Assert.Equal(45 * 500, values.Distinct().Count());
    }

    [Fact]
    public void Uniform_values_are_uniform_and_uncorrelated()
    {
        const int Count = 50_000;
        var stream = new RandomStream(1, 0, "features.28.weight");
        double[] values = [.. Enumerable.Range(0, Count).Select(i => stream.Uniform(i))];
        Distribution.AssertFollows(values, x => x);
        Assert.InRange(Distribution.Correlation(values[1..], values[..^1]), -4 / Math.Sqrt(Count), 4 / Math.Sqrt(Count));
        var other = new RandomStream(1, 1, "features.28.weight");
        double[] others = [.. Enumerable.Range(0, Count).Select(i => other.Uniform(i))];
        Assert.InRange(Distribution.Correlation(values, others), -4 / Math.Sqrt(Count), 4 / Math.Sqrt(Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(1000)]
    public void Whole_numbers_fall_evenly_below_their_bound(int bound)
    {
        const int Count = 100_000;
        var stream = new RandomStream(3, 0, "x");
        int[] hits = new int[bound];
        for (int i = 0; i < Count; i++)
        {
            hits[stream.Below(i, bound)]++;
        }

        // Chi squared has mean bound - 1 and variance 2 (bound - 1).
        double expected = (double)Count / bound, chiSquared = hits.Sum(hit => (hit - expected) * (hit - expected) / expected);
        Assert.InRange(chiSquared, 0, bound - 1 + (4 * Math.Sqrt(2.0 * (bound - 1))));
    }
}
