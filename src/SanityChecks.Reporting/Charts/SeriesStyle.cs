namespace SanityChecks.Reporting.Charts;

/// <summary>How a method is drawn: told apart by colour, by dashes and by marker, so that any one of them is enough.</summary>
/// <param name="Color">Of Okabe and Ito's palette for colour-blind readers, without its yellow, and darker where text-thin lines need it.</param>
/// <param name="Dashes">SVG dash pattern; empty for a solid line.</param>
/// <param name="Marker">The shape of a point.</param>
internal sealed record SeriesStyle(string Color, string Dashes, MarkerShape Marker)
{
    private static readonly SeriesStyle[] All =
    [
        new("#0072b2", "", MarkerShape.Circle),
        new("#d55e00", "8 3", MarkerShape.Square),
        new("#009e73", "2 2.5", MarkerShape.TriangleUp),
        new("#b85f93", "9 3 2 3", MarkerShape.Diamond),
        new("#333333", "4 2", MarkerShape.TriangleDown),
        new("#e69f00", "14 3", MarkerShape.Cross),
        new("#56b4e9", "6 2 1 2 1 2", MarkerShape.Plus),
    ];

    /// <summary>The style of a chart's n-th method, from 0; colours come again after seven, each time with another marker.</summary>
    public static SeriesStyle Of(int index)
    {
        SeriesStyle style = All[index % All.Length];
        return style with { Marker = (MarkerShape)(((int)style.Marker + (index / All.Length)) % All.Length) };
    }
}
