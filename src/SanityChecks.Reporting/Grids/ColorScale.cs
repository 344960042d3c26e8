using SanityChecks.Images;

namespace SanityChecks.Reporting.Grids;

/// <summary>An entry of a grid's legend: a bar of all colors with what its ends stand for.</summary>
/// <param name="Colors">The scale.</param>
/// <param name="Low">What the first color stands for, such as <c>0</c>.</param>
/// <param name="High">What the last color stands for, such as <c>maximum</c>.</param>
/// <param name="Subject">Which maps it belongs to; may be empty.</param>
public sealed record ColorScale(ColorMap Colors, string Low, string High, string Subject = "");
