using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Reporting.Grids;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Cli.Explanations;

/// <summary>Sheets of maps beside the image that they explain.</summary>
/// <param name="Name">The image's, as titles show it.</param>
/// <param name="Photograph">The image as it was read.</param>
/// <param name="Fitted">The image as the network sees it, of the maps' size.</param>
/// <param name="Architecture">The network's name.</param>
/// <param name="Style">How maps are colored.</param>
internal sealed record ImageSheet(string Name, RgbImage Photograph, RgbImage Fitted, string Architecture, MapStyle Style)
{
    /// <summary>Pixels for each unit of a sheet, 1 to 4.</summary>
    public int Pixels { get; init; } = 2;

    private const int LongestName = 60;

    private const string OwnScales = "Each map has its own scale.";

    // A shape that differs by less is not seen as another.
    private const double SameShape = 1.02;

    /// <summary>A row for each class, a column for each method.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="pictures">The maps, [class, method].</param>
    public RgbImage Contact(IReadOnlyList<ExplainedClass> classes, IReadOnlyList<ConfiguredMethod> methods, RgbImage[,] pictures)
    {
        MapGrid grid = classes is [var only]
            ? Grid(
                [""], [.. methods.Select(method => method.Title)], $"{Shortened(Name)}: {Shortened(only.Name)}, {only.Percent}",
                OwnScales, methods)
            : Grid(
                [.. classes.Select(one => one.Titled)], [.. methods.Select(method => method.Title)], Shortened(Name),
                $"Each row explains one class, with the probability that the network gives it.\n{OwnScales}", methods);
        for (int row = 0; row < classes.Count; row++)
        {
            for (int column = 0; column < methods.Count; column++)
            {
                grid.Set(row, column + 1, pictures[row, column]);
            }
        }

        return grid.Draw();
    }

    /// <summary>A row for each class activation method, a column for each layer, from deep to shallow.</summary>
    /// <param name="explained">The class.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="layers">A layer's name, its rows and columns, and the map of each method.</param>
    public RgbImage Layers(
        ExplainedClass explained, IReadOnlyList<ConfiguredMethod> methods,
        IReadOnlyList<(string Name, string Size, RgbImage[] Maps)> layers)
    {
        MapGrid grid = Grid(
            [.. methods.Select(method => method.Title)], [.. layers.Select(layer => layer.Name)],
            $"{Shortened(Name)}: {Shortened(explained.Name)}, {explained.Percent}",
            $"Class activation maps from the deepest layer to the shallowest, each with the layer's size.\n{OwnScales}", methods);
        foreach ((int column, (_, string size, RgbImage[] maps)) in layers.Index())
        {
            foreach ((int row, RgbImage map) in maps.Index())
            {
                grid.Set(row, column + 1, map, size);
            }
        }

        return grid.Draw();
    }

    /// <summary>A text that leaves room for others in a title.</summary>
    public static string Shortened(string text) =>
        text.Length <= LongestName ? text : $"{text[..(LongestName / 2)]}…{text[^(LongestName / 2)..]}";

    private MapGrid Grid(string[] rows, string[] columns, string title, string subtitle, IReadOnlyList<ConfiguredMethod> methods)
    {
        double shape = (double)Photograph.Width * Fitted.Height / ((double)Photograph.Height * Fitted.Width);
        var grid = new MapGrid(rows, [$"as {Architecture} sees it", .. columns])
        {
            Title = title,
            Subtitle = subtitle,
            Scale = Pixels,
            Picture = shape is < 1 / SameShape or > SameShape ? Photograph : null,
            Scales = MapLegend.Of(methods, Style),
        };
        for (int row = 0; row < rows.Length; row++)
        {
            grid.Set(row, 0, Fitted);
        }

        return grid;
    }
}
