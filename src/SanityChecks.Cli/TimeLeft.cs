using System.Globalization;

namespace SanityChecks.Cli;

/// <summary>How long work will still take if it goes on as it went.</summary>
internal static class TimeLeft
{
    /// <summary>Minutes and seconds, with hours and days where there are some; a question mark before anything is done.</summary>
    /// <param name="elapsed">Since the work began, by a <see cref="System.Diagnostics.Stopwatch"/>: other clocks can be set back.</param>
    /// <param name="done">How much is done.</param>
    /// <param name="total">How much there is, in the same unit.</param>
    public static string Of(TimeSpan elapsed, double done, double total)
    {
        if (!(done > 0))
        {
            return "? left";
        }

        double left = Math.Min(elapsed.TotalSeconds * Math.Max(0, total - done) / done, 1e6);
        return TimeSpan.FromSeconds(left)
            .ToString(left < 3600 ? @"m\:ss" : left < 86400 ? @"h\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture) + " left";
    }
}
