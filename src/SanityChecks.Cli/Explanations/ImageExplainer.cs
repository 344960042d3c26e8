using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;

namespace SanityChecks.Cli.Explanations;

/// <summary>What to make of each image.</summary>
/// <param name="Plan">The network, the methods, the preprocessing, and the experiment where one is asked for.</param>
/// <param name="Engine">Computes.</param>
/// <param name="Targets">The classes.</param>
/// <param name="Style">How maps are colored.</param>
/// <param name="Folder">Where files go.</param>
internal sealed record ExplainRequest(Plan Plan, IEngine Engine, TargetList Targets, MapStyle Style, string Folder)
{
    /// <summary>Whether unscaled maps are written, too.</summary>
    public bool Raw { get; init; }

    /// <summary>Pixels for each unit of a sheet's layout.</summary>
    public int SheetPixels { get; init; } = 2;

    /// <summary>Makes the grid of maps of randomized networks; null where none is asked for.</summary>
    public RandomizationMaps? Randomization { get; init; }

    /// <summary>The layers of the sheet of class activation maps, from deep to shallow; empty where none is asked for.</summary>
    public IReadOnlyList<Layer> Layers { get; init; } = [];
}

/// <summary>Explains one image after another.</summary>
/// <param name="request">What to make of each.</param>
/// <param name="cancel">Stops between two networks.</param>
internal sealed class ImageExplainer(ExplainRequest request, CancellationToken cancel)
{
    private readonly Plan plan = request.Plan;

    /// <summary>Computes and writes everything of an image.</summary>
    /// <param name="image">As it was given.</param>
    /// <param name="item">The same among the plan's, with its label.</param>
    /// <returns>What was found out, or why the image cannot be read.</returns>
    public Explained Explain(GivenImage image, ImageItem item)
    {
        cancel.ThrowIfCancellationRequested();
        RgbImage photograph, fitted;
        try
        {
            photograph = item.Load();
            fitted = plan.Preprocessing.Fit(photograph);
        }
        catch (PrivateAddressException error)
        {
            return new Explained(image.Shown, null, null, null, $"{error.Message}; {ExplainCommand.AllowPrivate} lets it through");
        }
        catch (Exception error) when (error is ImageFormatException or IOException)
        {
            return new Explained(image.Shown, null, null, null, error.Message);
        }

        using var batch = new ImageBatch(plan, request.Engine, [(item, fitted)]);
        using ForwardPass pass = batch.Pass(plan.Trained.Weights);
        float[] logits = batch.Logits(pass)[0];
        IReadOnlyList<ExplainedTarget> targets = request.Targets.Of(logits, item);
        var files = new List<string>();
        var classes = new List<ExplainedClass>();
        var maps = new SaliencyMap[targets.Count][];
        string name = ImageSheet.Shortened(item is ImageUrlItem ? image.Stem : item.Id);
        var sheet = new ImageSheet(name, photograph, fitted, plan.Trained.Network.Architecture, request.Style)
        {
            Pixels = request.SheetPixels,
        };
        var pictures = new RgbImage[targets.Count, plan.Methods.Count];
        foreach ((int n, ExplainedTarget target) in targets.Index())
        {
            using Explanation explanation = batch.Explain(pass, [target.Class]);
            maps[n] = [.. plan.Methods.Select(method => explanation.Download(method)[0])];
            foreach ((int m, ConfiguredMethod method) in plan.Methods.Index())
            {
                pictures[n, m] = MapPicture.Render(method, maps[n][m], fitted, request.Style);
                PngFile.Save(pictures[n, m], PathOf(target, $"{method.Id}.png"));
                if (request.Raw)
                {
                    NpyFile.Write(PathOf(target, $"{method.Id}.npy"), maps[n][m].Shape, maps[n][m].Values);
                }
            }

            if (request.Raw && plan.Methods.Contains(GradCam.Instance))
            {
                SaliencyMap map = explanation.Download(explanation.NativeMap(GradCam.Instance))[0];
                NpyFile.Write(PathOf(target, $"{GradCam.Instance.Name}_raw.npy"), map.Shape, map.Values);
            }

            classes.Add(Found(explanation, logits, target.Class));
        }

        PngFile.Save(sheet.Contact(classes, plan.Methods, pictures), PathOf(null, "contact-sheet.png"));
        DrawLayers(batch, pass, targets, classes, sheet, PathOf);
        DrawRandomization(batch, pass, targets, classes, maps, sheet, PathOf);
        RankedClass[] top = [.. logits.Index().OrderByDescending(one => one.Item).Take(5)
            .Select(one => new RankedClass(one.Index, plan.Classes[one.Index], float.IsFinite(one.Item) ? one.Item : null))];
        return new Explained(image.Shown, top, targets[0].Class, files)
        {
            Targets = request.Targets.AreSeveral ? classes : null,
            Facts = request.Targets.AreSeveral ? null : classes[0].Facts,
            Faithfulness = request.Targets.AreSeveral ? null : classes[0].Faithfulness,
        };

        string PathOf(ExplainedTarget? target, string ending)
        {
            string of = target is null || !request.Targets.AreSeveral
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $".{target.Class}-{FileStem.Of(plan.Classes[target.Class]).Replace(' ', '_')}");
            files.Add(Path.Combine(request.Folder, $"{image.Stem}{of}.{ending}"));
            return files[^1];
        }
    }

    private void DrawLayers(
        ImageBatch batch, ForwardPass pass, IReadOnlyList<ExplainedTarget> targets, List<ExplainedClass> classes, ImageSheet sheet,
        Func<ExplainedTarget?, string, string> file)
    {
        ConfiguredMethod[] methods = [.. plan.Methods.Where(LayerMaps.Reads)];
        foreach ((int n, ExplainedTarget target) in request.Layers.Count > 0 ? targets.Index() : [])
        {
            var maps = new LayerMaps(plan, batch, pass, target.Class);
            var layers = new List<(string Name, string Size, RgbImage[] Maps)>();
            foreach ((int i, Layer layer) in request.Layers.Index())
            {
                cancel.ThrowIfCancellationRequested();
                Terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"  layer {layer}, {i + 1} of {request.Layers.Count}"));
                (string size, SaliencyMap[] at) = maps.At(layer, methods);
                if (size == LayerMaps.OnePlace && request.Layers.Count > 1)
                {
                    // A gate on channels: its map is of one color.
                    continue;
                }

                layers.Add((
                    layer.PaperName, size,
                    [.. at.Zip(methods, (map, method) => MapPicture.Render(method, map, sheet.Fitted, request.Style))]));
            }

            PngFile.Save(sheet.Layers(classes[n], methods, layers), file(target, "layers-sheet.png"));
        }
    }

    private void DrawRandomization(
        ImageBatch batch, ForwardPass pass, IReadOnlyList<ExplainedTarget> targets, List<ExplainedClass> classes, SaliencyMap[][] maps,
        ImageSheet sheet, Func<ExplainedTarget?, string, string> file)
    {
        if (request.Randomization is not { } randomization)
        {
            return;
        }

        StepMap[][][] steps = randomization.Compute(batch, pass, targets, maps, cancel);
        foreach ((int n, ExplainedTarget target) in targets.Index())
        {
            PngFile.Save(
                randomization.Draw($"{sheet.Name}, explained as {classes[n].Titled}.", sheet.Fitted, steps[n]),
                file(target, $"{randomization.FileName}.png"));
        }
    }

    private ExplainedClass Found(Explanation explanation, float[] logits, int target)
    {
        Dictionary<string, IReadOnlyDictionary<string, double>> facts = explanation.Facts.GroupBy(fact => fact.Method.Id)
            .ToDictionary(
                facts => facts.Key, facts =>
                    (IReadOnlyDictionary<string, double>)facts.ToDictionary(fact => fact.Name, fact => fact.Values[0]));
        double probability = explanation.TargetProbabilities()[0];
        return new ExplainedClass(
            target, plan.Classes[target], float.IsFinite(logits[target]) ? logits[target] : null,
            double.IsFinite(probability) ? probability : null)
        {
            Facts = facts.Count > 0 ? facts : null,
            Faithfulness = plan.Config.Faithfulness.Count > 0
                ? plan.Methods.ToDictionary(method => method.Id, method => Faithfulness(method, explanation))
                : null,
        };
    }

    private IReadOnlyDictionary<string, double?> Faithfulness(ConfiguredMethod method, Explanation explanation) =>
        plan.Config.Faithfulness.ToDictionary(measure => measure.Id, measure => FaithfulnessScores.Of(
            explanation, explanation.Download(method), measure, request.Engine.AutomaticBatch, cancel: cancel)[0].Value);
}
