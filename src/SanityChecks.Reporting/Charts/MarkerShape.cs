namespace SanityChecks.Reporting.Charts;

/// <summary>The shape of a point.</summary>
internal enum MarkerShape
{
    Circle,
    Square,
    TriangleUp,
    Diamond,
    TriangleDown,
    Cross,
    Plus,
}
