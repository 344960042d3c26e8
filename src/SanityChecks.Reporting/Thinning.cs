using System.Globalization;

namespace SanityChecks.Reporting;

/// <summary>Which of many are shown where all of them could not be taken in: every second, every third, and so on, from the
/// first.</summary>
/// <param name="Every">1: all of them.</param>
public readonly record struct Thinning(int Every)
{
    private static readonly string[] Ordinals =
        ["", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

    /// <summary>Which one of all is shown, for people: <c>every third</c>.</summary>
    public string Words =>
        "every " + (Every <= Ordinals.Length ? Ordinals[Every - 1] : string.Create(CultureInfo.InvariantCulture, $"{Every}th"));

    /// <summary>As few left out as can be.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="most">How many may be shown, at least one.</param>
    public static Thinning To(int count, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return new Thinning(Math.Max(1, (count + most - 1) / most));
    }

    /// <summary>Whether one is shown.</summary>
    /// <param name="place">Counted from 0.</param>
    public bool Shows(int place) => place % Every == 0;
}
