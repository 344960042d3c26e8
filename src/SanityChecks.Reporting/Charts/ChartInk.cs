using ScottPlot;

namespace SanityChecks.Reporting.Charts;

/// <summary>The colors that no method has, and text in them.</summary>
internal static class ChartInk
{
    /// <summary>For what is read first.</summary>
    public static readonly Color Dark = Color.FromHex("#222222");

    /// <summary>For what explains.</summary>
    public static readonly Color Faint = Color.FromHex("#555555");

    /// <summary>For the lines at the values of the axis.</summary>
    public static readonly Color Grid = Color.FromHex("#e4e4e4");

    /// <summary>For what unrelated maps have.</summary>
    public static readonly Color Null = Color.FromHex("#666666");

    /// <summary>For the lines that lead to a method's name.</summary>
    public static readonly Color Leader = Color.FromHex("#999999");

    /// <summary>Text, ready to be drawn.</summary>
    public static LabelStyle Label(string text, float size, Color color, Alignment alignment, bool semibold = false) => new()
    {
        Text = text,
        FontSize = size,
        ForeColor = color,
        Alignment = alignment,
        Bold = semibold,
    };
}
