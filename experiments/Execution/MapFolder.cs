using System.Globalization;
using SanityChecks.Images;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Experiments.Execution;

/// <summary>The maps of one image: <c>maps/IMAGE/METHOD/STEP.png</c> and <c>.npy</c>, the image itself, and the grid of all of
/// them.</summary>
/// <param name="plan">Names the steps and methods.</param>
/// <param name="folder">The run folder's <c>maps</c>.</param>
/// <param name="image">The image's id.</param>
public sealed class MapFolder(Plan plan, string folder, string image)
{
    private readonly string path = Path.Combine(folder, FolderName(plan.Selection.Images.Select(item => item.Id), image));

    private MapsFile? small;

    /// <summary>The grid of all maps: <c>maps/IMAGE.png</c>.</summary>
    public string GridPath => path + ".png";

    /// <summary>Begins: writes the image as the network sees it.</summary>
    public void Begin(RgbImage fitted)
    {
        WholeFile.MakeFolderIn(Path.GetDirectoryName(folder)!, path);
        PngFile.Save(fitted, ImagePath(path));
        small = new MapsFile(path, image);
    }

    /// <summary>A map in small, as the report shows it.</summary>
    /// <param name="method">What made it.</param>
    /// <param name="step">0 for the untouched network.</param>
    /// <param name="map">The map, channels not summed, at the size at which the method makes it.</param>
    public static CompactMap Store(ConfiguredMethod method, int step, SaliencyMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        SaliencyMap flat = map.SumChannels();
        float scale = method.Signed ? MapRendering.RobustMagnitude(flat.Values) : MapRendering.LargestPositive(flat.Values);
        return CompactMap.Of(method.Id, step, method.Signed, (flat.Height, flat.Width), scale, flat.Values);
    }

    /// <summary>Writes the maps of a step in small.</summary>
    public void Append(IEnumerable<CompactMap> maps) => small?.Append(maps);

    /// <summary>Ends: all maps are written, or those that are will be written anew.</summary>
    public void End(bool whole)
    {
        if (whole)
        {
            small?.End();
        }
        else
        {
            small?.GiveUp();
        }

        small = null;
    }

    /// <summary>Writes a map as a picture, as raw values, or both, as the configuration asks.</summary>
    /// <param name="method">What made it.</param>
    /// <param name="step">0 for the untouched network.</param>
    /// <param name="map">The map, channels not summed.</param>
    /// <param name="fitted">The image under it.</param>
    public void Write(ConfiguredMethod method, int step, SaliencyMap map, RgbImage fitted)
    {
        WholeFile.MakeFolderIn(path, Path.Combine(path, method.Id));
        if (plan.Config.Output.Maps is Configuration.MapFiles.Png or Configuration.MapFiles.Both)
        {
            PngFile.Save(MapPicture.Render(method, map, fitted), MapPath(method, step, ".png"));
        }

        if (plan.Config.Output.Maps is Configuration.MapFiles.Npy or Configuration.MapFiles.Both)
        {
            NpyFile.Write(MapPath(method, step, ".npy"), map.Shape, map.Values);
        }
    }

    /// <summary>Draws the grid from the pictures in the folder: a row for each method, the original first, then each step.</summary>
    /// <param name="scores">The image's scores, for the captions.</param>
    /// <param name="experiment">The run folder's words.</param>
    public void WriteGrid(IReadOnlyList<ScoreRow> scores, ExperimentRecord experiment)
    {
        var grid = new StepGrid(plan, experiment, MapStyle.Default)
        {
            Subject = $"{image}, explained as {plan.Classes[scores[0].Target]}.",
            Reading = $"Below each map: its {plan.Metrics[0].Id} to the original. Each map has its own scale.",
            Picture = File.Exists(ImagePath(path)) ? ImageFile.Load(ImagePath(path)) : null,
        };
        PngFile.Save(grid.Draw(Tile, Score), GridPath);

        RgbImage? Tile(int method, int step) =>
            MapPath(plan.Methods[method], step, ".png") is var file && File.Exists(file) ? ImageFile.Load(file) : null;

        string Score(int method, int step) => StepGrid.Caption(scores.FirstOrDefault(
            score => score.Step == step && score.Draw <= 1 && score.Method == plan.Methods[method].Id && score.Metric == plan.Metrics[0].Id
                && score.Reference == ScoreRow.Original)?.Value);
    }

    private static string ImagePath(string folder) => Path.Combine(folder, "image.png");

    /// <summary>The id without its ending, on one folder level; numbered where an earlier image would have the same name.</summary>
    private static string FolderName(IEnumerable<string> ids, string image)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string id in ids)
        {
            string stem = FileStem.Of(Path.ChangeExtension(id, null));
            string name = stem;
            for (int n = 2; taken.Overlaps([name, name + ".png"]); n++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{n}");
            }

            taken.UnionWith([name, name + ".png"]); // the grid lies beside the folders

            if (id == image)
            {
                return name;
            }
        }

        throw new ArgumentException($"The image {image} is none of the run's.", nameof(image));
    }

    private string MapPath(ConfiguredMethod method, int step, string extension) =>
        Path.Combine(path, method.Id, plan.StepName(step) + extension);
}
