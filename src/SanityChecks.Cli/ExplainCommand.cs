using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;

namespace SanityChecks.Cli;

/// <summary>Explains single images: writes their maps and prints the top five classes.</summary>
internal static class ExplainCommand
{
    public const string Name = "explain";

    private const int SomeFailed = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE")
        {
            Description = $"Image files ({ImageKind.ReadNames}), and folders of them.",
            Arity = ArgumentArity.OneOrMore,
        };
        images.RefuseOptions();
        var network = new NetworkOptions("grad_cam,guided_backprop,guided_grad_cam");
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
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command(Name, "Writes the saliency maps of single images and prints their top five classes.")
        {
            images, faithfulness, raw, output, json,
        };
        network.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            ExperimentConfig settings = network.Settings(parsed, Name, parsed.GetValue(faithfulness) is { } listed
                ? [NetworkOptions.List("faithfulness", listed, faithfulness.Name)]
                : []);
            string[] files = [.. parsed.GetValue(images)!.SelectMany(PathArgument.Images)];
            RequireDistinctStems(files);
            using IEngine used = settings.Engine.Choose(Engines.All).Engine;
            TrainedNetwork trained = await TrainedNetwork.LoadNamedAsync(
                settings.Model.Source(settings.TargetElement), new RunDisplay(), cancel);
            Plan plan = Plan.Of(settings, Selection(settings, files), trained);
            RunDisplay.Say([.. trained.Notes, .. plan.Notes]);
            return Explain(files, new Request(plan, used, parsed.GetValue(raw), parsed.GetValue(output)!, cancel), parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>Files as images; the classes are called as the folders of the configuration's source, where it is one.</summary>
    internal static ImageSelection Selection(ExperimentConfig settings, IEnumerable<string> files) =>
        new([.. files.Select(Item)], [], [])
        {
            Folders = settings.Images.Source == ImageSource.Folder ? ImageSources.FoldersIn(settings.Images.Root) : [],
        };

    /// <summary>A file as an image, with the class that its name or folder tells.</summary>
    private static ImageFileItem Item(string file)
    {
        string path = Path.GetFullPath(file);
        ImageNetClass? known = ImageNetClasses.FromPath(path);
        return new ImageFileItem(Path.GetFileName(file), path, known?.Index, known?.Wnid);
    }

    private sealed record Request(Plan Plan, IEngine Engine, bool Raw, string Folder, CancellationToken Cancel);

    private sealed record RankedClass(int Index, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] float? Logit);

    /// <summary>What became of an image: maps, or the reason why there are none.</summary>
    private sealed record Explained(
        string Image, IReadOnlyList<RankedClass>? Top5, int? Target, IReadOnlyList<string>? Files, string? Error = null)
    {
        /// <summary>What methods say of their maps, by method and name; null where none says anything.</summary>
        public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Facts { get; init; }

        /// <summary>Measures of faithfulness, by method and name, null where undefined; null where none was asked for.</summary>
        public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>>? Faithfulness { get; init; }
    }

    private static int Explain(string[] files, Request request, bool json)
    {
        WholeFile.MakeFolder(request.Folder);
        var done = new List<Explained>();
        foreach ((string file, ImageItem item) in files.Zip(request.Plan.Selection.Images))
        {
            var intake = new ImageIntake(request.Plan.Preprocessing, strict: false);
            IReadOnlyList<(ImageItem, RgbImage)> read = intake.Read([item], request.Cancel);
            Explained explained = read.Count > 0
                ? Explain(file, read, request)
                : new Explained(file, null, null, null, intake.Skipped[0].Reason);
            done.Add(explained);
            if (!json && (explained.Error is null || files.Length > 1))
            {
                Print(explained, request.Plan.Classes);
            }
        }

        if (done.TrueForAll(explained => explained.Error is not null))
        {
            throw new InputException(
                done.Count == 1 ? Unreadable(done[0]) : $"None of the {done.Count} images can be read; the first: {Unreadable(done[0])}");
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(done, Json));
        }

        return done.Exists(explained => explained.Error is not null) ? SomeFailed : 0;
    }

    private static string Unreadable(Explained explained) => $"The image {explained.Image} cannot be read: {explained.Error}";

    private static Explained Explain(string image, IReadOnlyList<(ImageItem Item, RgbImage Fitted)> read, Request request)
    {
        Plan plan = request.Plan;
        using var batch = new ImageBatch(plan, request.Engine, read);
        using ForwardPass pass = batch.Pass(plan.Trained.Weights);
        float[][] logits = batch.Logits(pass);
        int[] targets = batch.Targets(logits, logits);
        using Explanation explanation = batch.Explain(pass, targets);
        var files = new List<string>();
        string stem = Path.Combine(request.Folder, Path.GetFileNameWithoutExtension(image));
        foreach (ConfiguredMethod method in plan.Methods)
        {
            SaliencyMap map = explanation.Download(method)[0];
            PngFile.Save(MapPicture.Render(method, map, read[0].Fitted), Written($"{stem}.{method.Id}.png"));
            if (request.Raw)
            {
                NpyFile.Write(Written($"{stem}.{method.Id}.npy"), map.Shape, map.Values);
            }
        }

        if (request.Raw && plan.Methods.Contains(GradCam.Instance))
        {
            SaliencyMap map = explanation.Download(explanation.NativeMap(GradCam.Instance))[0];
            NpyFile.Write(Written($"{stem}.{GradCam.Instance.Name}_raw.npy"), map.Shape, map.Values);
        }

        RankedClass[] top = [.. logits[0].Index().OrderByDescending(one => one.Item).Take(5)
            .Select(one => new RankedClass(one.Index, plan.Classes[one.Index], float.IsFinite(one.Item) ? one.Item : null))];
        Dictionary<string, IReadOnlyDictionary<string, double>> facts = explanation.Facts.GroupBy(fact => fact.Method.Id)
            .ToDictionary(
                facts => facts.Key, facts =>
                    (IReadOnlyDictionary<string, double>)facts.ToDictionary(fact => fact.Name, fact => fact.Values[0]));
        return new Explained(image, top, targets[0], files)
        {
            Facts = facts.Count > 0 ? facts : null,
            Faithfulness = plan.Config.Faithfulness.Count > 0
                ? plan.Methods.ToDictionary(method => method.Id, method => Faithfulness(method, explanation, request))
                : null,
        };

        string Written(string path)
        {
            files.Add(path);
            return path;
        }
    }

    private static IReadOnlyDictionary<string, double?> Faithfulness(ConfiguredMethod method, Explanation explanation, Request request) =>
        request.Plan.Config.Faithfulness.ToDictionary(measure => measure.Id, measure => FaithfulnessScores.Of(
            explanation, explanation.Download(method), measure, request.Engine.AutomaticBatch, cancel: request.Cancel)[0].Value);

    private static void Print(Explained explained, ClassNames classes)
    {
        if (explained is not { Target: int target, Top5: { } top, Files: { } files })
        {
            Terminal.ErrorLine(Unreadable(explained) + ".");
            return;
        }

        Terminal.Line($"{explained.Image}: target {target}, {classes[target]}");
        foreach (RankedClass ranked in top)
        {
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {ranked.Index,4}  {ranked.Logit,10:0.0000}  {ranked.Name}"));
        }

        foreach ((string method, IReadOnlyDictionary<string, double> facts) in explained.Facts
            ?? new Dictionary<string, IReadOnlyDictionary<string, double>>())
        {
            Terminal.Line($"  {method}: {string.Join(", ", facts.Select(fact => string.Create(CultureInfo.InvariantCulture, $"{fact.Key.Replace('_', ' ')} {fact.Value:0.######}")))}");
        }

        foreach ((string method, IReadOnlyDictionary<string, double?> scores) in explained.Faithfulness
            ?? new Dictionary<string, IReadOnlyDictionary<string, double?>>())
        {
            Terminal.Line($"  {method}: {string.Join(", ", scores.Select(score => score.Value is { } value ? string.Create(CultureInfo.InvariantCulture, $"{score.Key} {value:0.####}") : $"{score.Key} undefined"))}");
        }

        foreach (string file in files)
        {
            Terminal.Line($"  {file}");
        }
    }

    /// <summary>Refuses images whose files would have the same names.</summary>
    internal static void RequireDistinctStems(string[] images)
    {
        IGrouping<string, string>? same =
            images.GroupBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)!;
        if (same is not null)
        {
            throw new InputException(
                $"{string.Join(" and ", same)} would write the same files; give them one by one, each with its own --out.");
        }
    }
}
