using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SanityChecks.Cli.Explanations;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Faithfulness;

namespace SanityChecks.Cli;

/// <summary>Explains single images: writes their maps and sheets of them, and prints the top five classes.</summary>
internal static class ExplainCommand
{
    public const string Name = "explain";

    /// <summary>The option that lets addresses of images lead into private networks.</summary>
    public const string AllowPrivate = "--allow-private";

    private const int SomeFailed = 1;

    /// <summary>Which experiment a word of the command line stands for.</summary>
    private static readonly Dictionary<string, string> Randomizations = new()
    {
        ["cascade"] = "cascading_randomization",
        ["independent"] = "independent_randomization",
    };

    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE")
        {
            Description = $"Image files ({ImageKind.ReadNames}), folders of them, and http or https addresses.",
            Arity = ArgumentArity.OneOrMore,
        };
        images.RefuseOptions();
        var network = new NetworkOptions("grad_cam,guided_backprop,guided_grad_cam", severalTargets: true);
        var pictures = new PictureOptions();
        var raw = new Option<bool>("--raw") { Description = "Also write the unscaled maps as .npy, and Grad-CAM at the layer's size." };
        var output = new Option<string>("--out")
        {
            Description = "The folder for the maps.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "results/explain",
        };
        var faithfulness = new Option<string?>("--faithfulness")
        {
            Description = string.Join(",", FaithfulnessMeasures.All.Select(measure => measure.Name)) + ", some of them: how much the network depends on what each map shows; with parameters as in a configuration: \"[deletion, {name: road, percentiles: [50]}]\"; none by default.",
            HelpName = "a,b",
        };
        var layers = new Option<string?>("--layers")
        {
            Description = $"Also one sheet of the class activation maps at several layers, from deep to shallow: {LayerMaps.All} (every activation), or names with commas between.",
            HelpName = "a,b",
        };
        var randomize = new Option<string?>("--randomize")
        {
            Description = $"Also one grid of the maps while layers are randomized: {string.Join(" or ", Randomizations.Keys)}. All layers, unless --set randomization.layers=[fc8,conv5_3] chooses.",
            HelpName = "HOW",
        };
        var common = new Option<bool>("--common-scale")
        {
            Description = "In that grid all maps of a method share one color scale; otherwise each has its own, as where comes before how much.",
        };
        var pixels = new Option<int>("--sheet-pixels")
        {
            Description = "Pixels for each unit of sheets and grids, 1 (small files) to 4.",
            HelpName = "N",
            DefaultValueFactory = _ => 2,
        };
        var seed = new Option<string?>("--seed") { Description = "Fixes random weights and noise; 1 by default.", HelpName = "N" };
        var allowPrivate = new Option<bool>(AllowPrivate)
        {
            Description = "Addresses of images may lead to this machine and into private networks.",
        };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command(
            Name, "Writes the saliency maps of single images and a contact sheet of each image's, and prints the top five classes.")
        {
            images, faithfulness, layers, randomize, common, seed, pixels, raw, output, json, allowPrivate,
        };
        pictures.AddTo(command);
        network.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            MapStyle style = pictures.Style(parsed);
            int sheetPixels = parsed.GetValue(pixels) is >= 1 and <= 4 and var size ? size : throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"{pixels.Name} {parsed.GetValue(pixels)}: 1 to 4."));
            ExperimentConfig settings = network.Settings(
                parsed, Name,
                [
                    .. parsed.GetValue(faithfulness) is { } listed
                        ? [NetworkOptions.List("faithfulness", listed, faithfulness.Name)]
                        : Array.Empty<GivenValue>(),
                    .. parsed.GetValue(randomize) is { } how ? [Experiment(how, randomize.Name)] : Array.Empty<GivenValue>(),
                    .. parsed.GetValue(seed) is { } number
                        ? [GivenValue.Yaml("seed", number, $"{seed.Name} {number}")]
                        : Array.Empty<GivenValue>(),
                ]);
            using var download = new ImageDownload(parsed.GetValue(allowPrivate), cancel: cancel);
            IReadOnlyList<GivenImage> given = ImageArguments.Of(parsed.GetValue(images)!, download);
            using IEngine used = settings.Engine.Choose(Engines.All).Engine;
            TrainedNetwork trained = await TrainedNetwork.LoadNamedAsync(
                settings.Model.Source(settings.TargetElement), new RunDisplay(), cancel);
            Plan plan = Plan.Of(settings, Selection(settings, given.Select(image => image.Item)), trained);
            RunDisplay.Say([.. trained.Notes, .. plan.Notes]);
            var request = new ExplainRequest(plan, used, TargetList.Of(network.Targets(parsed), plan), style, parsed.GetValue(output)!)
            {
                Raw = parsed.GetValue(raw),
                SheetPixels = sheetPixels,
                Randomization = parsed.GetValue(randomize) is null
                    ? null
                    : new RandomizationMaps(plan, style, parsed.GetValue(common), sheetPixels),
                Layers = LayerMaps.Named(parsed.GetValue(layers), plan),
            };
            return Explain(given, request, parsed.GetValue(json), cancel);
        });
        return command;
    }

    /// <summary>Images as a plan's; the classes are called as the folders of the configuration's source, where it is one.</summary>
    internal static ImageSelection Selection(ExperimentConfig settings, IEnumerable<ImageItem> images) =>
        new([.. images], [], [])
        {
            Folders = settings.Images.Source == ImageSource.Folder ? ImageSources.FoldersIn(settings.Images.Root) : [],
        };

    private static GivenValue Experiment(string how, string option) => Randomizations.TryGetValue(how, out string? experiment)
        ? GivenValue.Text("experiment", experiment, $"{option} {how}")
        : throw new InputException($"{option} {how}: allowed are {string.Join(" and ", Randomizations.Keys)}.");

    private static int Explain(IReadOnlyList<GivenImage> images, ExplainRequest request, bool json, CancellationToken cancel)
    {
        WholeFile.MakeFolder(request.Folder);
        var explainer = new ImageExplainer(request, cancel);
        var done = new List<Explained>();
        foreach ((GivenImage image, ImageItem item) in images.Zip(request.Plan.Selection.Images))
        {
            if (images.Count > 1 || item is ImageUrlItem)
            {
                Terminal.Progress(image.Shown);
            }

            Explained explained = explainer.Explain(image, item);
            done.Add(explained);
            if (!json && (explained.Error is null || images.Count > 1))
            {
                explained.Print(request.Plan.Classes);
            }
        }

        if (done.TrueForAll(explained => explained.Error is not null))
        {
            throw new InputException(
                done.Count == 1 ? done[0].Unreadable : $"None of the {done.Count} images can be read; the first: {done[0].Unreadable}");
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(done, ImageArguments.Json));
        }

        return done.Exists(explained => explained.Error is not null) ? SomeFailed : 0;
    }
}
