using System.Globalization;
using System.Text.RegularExpressions;

namespace SanityChecks.RunFiles.Shards;

/// <summary>One of the equal parts that the units of a run are dealt out to, to be computed apart from each other, on any
/// machines.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Count">How many there are; at least <paramref name="Number"/>.</param>
public readonly partial record struct Shard(int Number, int Count)
{
    /// <summary>The name of its folder: <c>0003-of-0006</c>.</summary>
    public string FolderName => string.Create(CultureInfo.InvariantCulture, $"{Number:0000}-of-{Count:0000}");

    /// <summary>Reads <c>3/6</c>.</summary>
    /// <param name="text">Two numbers.</param>
    /// <exception cref="InputException">It is something else.</exception>
    public static Shard Parse(string text) => Numbers().Match(text) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? Of(number, count)
            : throw new InputException($"'{text}' is no shard; one is the third of six: 3/6.");

    /// <summary>A shard whose number is checked.</summary>
    /// <exception cref="InputException">There is no such shard; they are counted from 1.</exception>
    public static Shard Of(int number, int count) => number >= 1 && number <= count
        ? new Shard(number, count)
        : throw new InputException(FormattableString.Invariant($"There is no shard {number} of {count}: they are counted from 1."));

    /// <summary>All of so many.</summary>
    public static IEnumerable<Shard> All(int count) => Enumerable.Range(1, count).Select(number => new Shard(number, count));

    /// <summary>The places of its units among those of the run, which stand draw after draw.</summary>
    /// <remarks>
    /// Each shard has one run of units of the first draw, where the trained network's maps are measured too, and one of all the others, so
    /// that neighbors share random weights and stand for each other as nulls. Shards differ by at most one unit in all, and by at most one
    /// in the first draw: floor(draws x) - floor(x) never falls as x grows (Hermite's identity), so that no run has a negative length.
    /// </remarks>
    /// <param name="images">Images of the run.</param>
    /// <param name="draws">Draws of each.</param>
    public (Range First, Range Others) Places(int images, int draws)
    {
        (int before, int all) = (Number - 1, images * draws);
        return (
            Dealt(images, before)..Dealt(images, Number),
            (images + Dealt(all, before) - Dealt(images, before))..(images + Dealt(all, Number) - Dealt(images, Number)));
    }

    /// <summary>The same, one by one.</summary>
    /// <inheritdoc cref="Places"/>
    public IEnumerable<int> UnitPlaces(int images, int draws)
    {
        (Range first, Range others) = Places(images, draws);
        return In(first).Concat(In(others));

        static IEnumerable<int> In(Range range) => Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value);
    }

    /// <summary>How many units it has.</summary>
    /// <inheritdoc cref="Places"/>
    public int Units(int images, int draws) => Dealt(images * draws, Number) - Dealt(images * draws, Number - 1);

    /// <summary><c>3/6</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    /// <summary>How many of so many units the first shards have.</summary>
    private int Dealt(int units, int shards) => (int)((long)units * shards / Count);

    [GeneratedRegex(@"^(\d+)/(\d+)$")]
    private static partial Regex Numbers();
}
