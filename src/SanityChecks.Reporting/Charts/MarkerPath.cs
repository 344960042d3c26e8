using System.Xml.Linq;

namespace SanityChecks.Reporting.Charts;

/// <summary>Draws a point as its method's marker.</summary>
internal static class MarkerPath
{
    private const double Radius = 3.6;

    /// <summary>A marker at a place: filled with a white rim, or hollow.</summary>
    public static XElement Draw(SeriesStyle style, double x, double y, bool hollow)
    {
        bool open = style.Marker is MarkerShape.Cross or MarkerShape.Plus;
        string fill = open ? "none" : hollow ? "#ffffff" : style.Color;
        string stroke = open || hollow ? style.Color : "#ffffff";
        XElement path = Svg.Element(
            "path",
            [("class", "marker"), ("d", Outline(style.Marker, x, y)), ("fill", fill), ("stroke", stroke), ("stroke-width", open ? 2 : hollow ? 1.4 : 0.6)]);
        if (open && hollow)
        {
            path.SetAttributeValue("stroke-width", "1");
        }

        return path;
    }

    private static string Outline(MarkerShape shape, double x, double y) => shape switch
    {
        MarkerShape.Circle => FormattableString.Invariant(
            $"M{N(x - Radius)} {N(y)}a{N(Radius)} {N(Radius)} 0 1 0 {N(2 * Radius)} 0a{N(Radius)} {N(Radius)} 0 1 0 {N(-2 * Radius)} 0z"),
        MarkerShape.Square => Polygon(x, y, 0.9, [(-1, -1), (1, -1), (1, 1), (-1, 1)]),
        MarkerShape.TriangleUp => Polygon(x, y, 1.15, [(0, -1.1), (1, 0.75), (-1, 0.75)]),
        MarkerShape.Diamond => Polygon(x, y, 1.25, [(0, -1), (1, 0), (0, 1), (-1, 0)]),
        MarkerShape.TriangleDown => Polygon(x, y, 1.15, [(0, 1.1), (1, -0.75), (-1, -0.75)]),
        MarkerShape.Cross => Strokes(x, y, 0.85, [(-1, -1, 1, 1), (-1, 1, 1, -1)]),
        MarkerShape.Plus => Strokes(x, y, 1.1, [(-1, 0, 1, 0), (0, -1, 0, 1)]),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    private static string Polygon(double x, double y, double scale, (double X, double Y)[] corners) =>
        "M" + string.Join("L", corners.Select(c => $"{N(x + (c.X * scale * Radius))} {N(y + (c.Y * scale * Radius))}")) + "z";

    private static string Strokes(double x, double y, double scale, (double X1, double Y1, double X2, double Y2)[] lines)
    {
        double r = scale * Radius;
        return string.Concat(lines.Select(l => $"M{N(x + (l.X1 * r))} {N(y + (l.Y1 * r))}L{N(x + (l.X2 * r))} {N(y + (l.Y2 * r))}"));
    }

    private static string N(double value) => Svg.Number(value);
}
