namespace SanityChecks.Reporting.Grids;

/// <summary>How the titles of a grid's columns are written.</summary>
public enum HeaderDirection
{
    /// <summary>Horizontal where every title fits above its column in at most three lines, else diagonal.</summary>
    Automatic,

    /// <summary>Horizontal, in as many lines as it takes.</summary>
    Horizontal,

    /// <summary>Rising to the right at 45 degrees.</summary>
    Diagonal,

    /// <summary>From the bottom to the top.</summary>
    Vertical,
}
