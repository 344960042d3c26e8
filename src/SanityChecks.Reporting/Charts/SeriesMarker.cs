using ScottPlot;

namespace SanityChecks.Reporting.Charts;

/// <summary>The shape of a point; each has an inside, which a hollow point leaves white.</summary>
/// <param name="Name">What it is called where something else than ScottPlot draws it.</param>
/// <param name="Shape">ScottPlot's shape, or none where the outline says it.</param>
/// <param name="Size">As ScottPlot takes it; chosen so that all shapes look equally large.</param>
/// <param name="Outline">The shape where ScottPlot has none with an inside.</param>
internal sealed record SeriesMarker(string Name, MarkerShape Shape, float Size, IMarker? Outline = null)
{
    // Half the width of an arm, where the arm's length from the center is 1.
    private const double Arm = 0.38;

    private static readonly (double X, double Y)[] PlusCorners =
    [
        (-Arm, -1), (Arm, -1), (Arm, -Arm), (1, -Arm), (1, Arm), (Arm, Arm), (Arm, 1), (-Arm, 1), (-Arm, Arm), (-1, Arm), (-1, -Arm),
        (-Arm, -Arm),
    ];

    /// <summary>A disk.</summary>
    public static SeriesMarker Circle { get; } = new("circle", MarkerShape.FilledCircle, 7.2f);

    /// <summary>A square on its side.</summary>
    public static SeriesMarker Square { get; } = new("square", MarkerShape.FilledSquare, 6.5f);

    /// <summary>A triangle on its side.</summary>
    public static SeriesMarker TriangleUp { get; } = new("triangle_up", MarkerShape.FilledTriangleUp, 8.8f);

    /// <summary>A square on its corner.</summary>
    public static SeriesMarker Diamond { get; } = new("diamond", MarkerShape.FilledDiamond, 9f);

    /// <summary>A triangle on its corner.</summary>
    public static SeriesMarker TriangleDown { get; } = new("triangle_down", MarkerShape.FilledTriangleDown, 8.8f);

    /// <summary>A plus turned by 45 degrees.</summary>
    public static SeriesMarker Cross { get; } = new(
        "cross", MarkerShape.None, 9.6f, new Polygon([.. PlusCorners.Select(c => ((c.X - c.Y) * Math.Sqrt(0.5), (c.X + c.Y) * Math.Sqrt(0.5)))]));

    /// <summary>Two crossed bars.</summary>
    public static SeriesMarker Plus { get; } = new("plus", MarkerShape.None, 9.6f, new Polygon(PlusCorners));

    /// <summary>All of them, in the order in which methods take them.</summary>
    public static IReadOnlyList<SeriesMarker> All { get; } = [Circle, Square, TriangleUp, Diamond, TriangleDown, Cross, Plus];

    /// <summary>Fills and outlines a polygon around the point.</summary>
    private sealed class Polygon((double X, double Y)[] corners) : IMarker
    {
        public void Render(SkiaSharp.SKCanvas canvas, Paint paint, Pixel center, float size, MarkerStyle markerStyle)
        {
            Pixel[] outline = [.. corners.Select(corner => new Pixel(center.X + (corner.X * size / 2), center.Y + (corner.Y * size / 2)))];
            Drawing.FillPath(canvas, paint, outline, markerStyle.FillStyle);
            Drawing.DrawPath(canvas, paint, outline, markerStyle.OutlineStyle, close: true);
        }
    }
}
