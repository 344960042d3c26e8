using ScottPlot;

namespace SanityChecks.Reporting.Charts;

/// <summary>How a method is drawn: told apart by color, by dashes and by marker, so that any one of them is enough.</summary>
/// <param name="Color">Of Okabe and Ito's palette for color-blind readers, without its yellow, and darker where text-thin lines need
/// it.</param>
/// <param name="OnDark">The same color where the ground is dark: lighter, at least 4.5 : 1 against black.</param>
/// <param name="Dashes">Lengths of dashes and gaps in turn; empty for a solid line.</param>
/// <param name="Marker">The shape of a point.</param>
internal sealed record SeriesStyle(Color Color, Color OnDark, float[] Dashes, SeriesMarker Marker)
{
    /// <summary>Width of the line that joins a method's means.</summary>
    public const float LineWidth = 1.8f;

    private static readonly SeriesStyle[] All =
    [
        new(Color.FromHex("#0072b2"), Color.FromHex("#4aa8e0"), [], SeriesMarker.Circle),
        new(Color.FromHex("#d55e00"), Color.FromHex("#ff8a3d"), [8, 3], SeriesMarker.Square),
        new(Color.FromHex("#009e73"), Color.FromHex("#2fcf9f"), [2, 2.5f], SeriesMarker.TriangleUp),
        new(Color.FromHex("#b85f93"), Color.FromHex("#e08fbf"), [9, 3, 2, 3], SeriesMarker.Diamond),
        new(Color.FromHex("#333333"), Color.FromHex("#d0d0d0"), [4, 2], SeriesMarker.TriangleDown),
        new(Color.FromHex("#e69f00"), Color.FromHex("#f2b53a"), [14, 3], SeriesMarker.Cross),
        new(Color.FromHex("#56b4e9"), Color.FromHex("#8fd0f5"), [6, 2, 1, 2, 1, 2], SeriesMarker.Plus),
    ];

    /// <summary>The style of a chart's n-th method, from 0; colors come again after seven, each time with another marker.</summary>
    public static SeriesStyle Of(int index)
    {
        SeriesStyle style = All[index % All.Length];
        return style with { Marker = SeriesMarker.All[(index + (index / All.Length)) % All.Length] };
    }

    /// <summary>The line that joins the means.</summary>
    public LineStyle Line(float width = LineWidth, double opacity = 1) => new(width, Color.WithOpacity(opacity))
    {
        Pattern = Dashes.Length == 0 ? LinePattern.Solid : new LinePattern(Dashes, 0, string.Join(' ', Dashes)),
        StrokeJoin = SkiaSharp.SKStrokeJoin.Round,
    };

    /// <summary>A point: filled with a white rim, or hollow.</summary>
    public MarkerStyle Point(bool hollow) => new()
    {
        Shape = Marker.Shape,
        CustomRenderer = Marker.Outline,
        Size = Marker.Size,
        FillColor = hollow ? Colors.White : Color,
        OutlineColor = hollow ? Color : Colors.White,
        OutlineWidth = hollow ? 1.4f : 0.6f,
    };
}
