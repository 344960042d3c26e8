using System.Globalization;
using SanityChecks.Images;
using SanityChecks.Reporting;
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
    // More rows of maps than these fill are no picture to look at, but one to search in.
    private const int MostSteps = 42;

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
        int last = Plan.Steps.Count;
        var thinning = Thinning.To(last, MostSteps);
        int[] steps = [0, .. Enumerable.Range(1, last).Where(step => thinning.Shows(step - 1) || step == last)];
        string shown = thinning.Every == 1
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" Of {last} steps {thinning.Words} is shown, and the last.");
        var grid = new MapGrid(
            [.. Plan.Methods.Select(method => method.Title)],
            [.. steps.Select(step => Words.GridStepName(step, step == 0 ? "" : Plan.Steps[step - 1].Name))])
        {
            Title = $"{Plan.Trained.Network.Architecture}: {Words.Question}",
            Picture = Picture,
            Subtitle = $"{Subject}\n{Words.GridColumns}{shown}\n{Reading}",
            Scale = Pixels,
            Scales = MapLegend.Of(Plan.Methods, Style),
        };
        for (int row = 0; row < Plan.Methods.Count; row++)
        {
            for (int column = 0; column < steps.Length; column++)
            {
                int step = steps[column];
                grid.Set(row, column, tile(row, step), step == 0 ? "" : caption(row, step));
            }
        }

        return grid.Draw();
    }
}
