using System.Globalization;
using SanityChecks.Images;
using SanityChecks.Reporting.Grids;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;

namespace SanityChecks.Experiments.Execution;

/// <summary>The grid of one image's maps at every step: a row for each method, the trained network's first, then each step's.</summary>
/// <param name="Plan">Names the steps and methods.</param>
/// <param name="Words">The experiment's.</param>
/// <param name="Style">How the maps are colored.</param>
public sealed record StepGrid(Plan Plan, ExperimentRecord Words, MapStyle Style)
{
    /// <summary>The image and what it is explained as, in a line.</summary>
    public required string Subject { get; init; }

    /// <summary>What is below each map and which maps share a scale, in sentences.</summary>
    public required string Reading { get; init; }

    /// <summary>Pixels for each unit of the layout, 1 to 4.</summary>
    public int Pixels { get; init; } = 2;

    /// <summary>The image; null where it is not at hand.</summary>
    public RgbImage? Picture { get; init; }

    /// <summary>A score as it stands below a map.</summary>
    /// <param name="score">The similarity to the original; null where it is undefined.</param>
    public static string Caption(double? score) => score?.ToString("0.00;-0.00;0.00", CultureInfo.InvariantCulture) ?? "undefined";

    /// <summary>Draws it.</summary>
    /// <param name="tile">The picture of a map by the method's place and the step; null for a map that is missing.</param>
    /// <param name="caption">What stands below it; not asked for step 0.</param>
    public RgbImage Draw(Func<int, int, RgbImage?> tile, Func<int, int, string> caption)
    {
        ArgumentNullException.ThrowIfNull(tile);
        ArgumentNullException.ThrowIfNull(caption);
        var grid = new MapGrid(
            [.. Plan.Methods.Select(method => method.Title)],
            [Words.GridStepName(0, ""), .. Plan.Steps.Select((step, i) => Words.GridStepName(i + 1, step.Name))])
        {
            Title = $"{Plan.Trained.Network.Architecture}: {Words.Question}",
            Picture = Picture,
            Subtitle = $"{Subject}\n{Words.GridColumns}\n{Reading}",
            Scale = Pixels,
            Scales = MapLegend.Of(Plan.Methods, Style),
        };
        for (int row = 0; row < Plan.Methods.Count; row++)
        {
            for (int step = 0; step <= Plan.Steps.Count; step++)
            {
                grid.Set(row, step, tile(row, step), step == 0 ? "" : caption(row, step));
            }
        }

        return grid.Draw();
    }
}
