using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Cli;

/// <summary>Explains single images: writes their maps and prints the top five classes.</summary>
internal static class ExplainCommand
{
    public const string Name = "explain";

    private const int SomeFailed = 1;

    // As of a configuration that gives none; the random numbers of a method are the image's by its name.
    private const ulong Seed = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE") { Description = $"Image files ({ImageKind.ReadNames}), and folders of them.", Arity = ArgumentArity.OneOrMore };
        images.RefuseOptions();
        var architecture = new Option<string>("--architecture") { Description = string.Join(", ", ArchitectureList.Names) + ".", HelpName = "NAME", DefaultValueFactory = _ => "vgg16" };
        var weights = new Option<string>("--weights") { Description = "A .safetensors or .pth file, imagenet (downloaded once) or shapes (bundled, for vgg16).", HelpName = "FILE", DefaultValueFactory = _ => "imagenet" };
        var methods = new Option<string>("--methods") { Description = string.Join(",", AttributionMethods.All.Select(method => method.Name)) + ", or some of them; with parameters as in a configuration: \"[grad_cam, {name: smooth_grad, samples: 20}]\".", HelpName = "a,b", DefaultValueFactory = _ => "grad_cam,guided_backprop,guided_grad_cam" };
        var target = new Option<string>("--target") { Description = "predicted, label (from the file's folder or name), or a class by index, name or WordNet id.", HelpName = "T", DefaultValueFactory = _ => "predicted" };
        var layer = new Option<string?>("--layer") { Description = "The layer that Grad-CAM reads; the last convolution's ReLU by default.", HelpName = "NAME" };
        var preprocessing = new Option<string>("--preprocessing") { Description = string.Join(" or ", Preprocessing.All.Select(preset => preset.Name)) + ".", HelpName = "NAME", DefaultValueFactory = _ => "imagenet" };
        var raw = new Option<bool>("--raw") { Description = "Also write the unscaled maps as .npy, and Grad-CAM at the layer's size." };
        var output = new Option<string>("--out") { Description = "The folder for the maps.", HelpName = "DIR", DefaultValueFactory = _ => "results/explain" };
        var engine = new EngineOption();
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command(Name, "Writes the saliency maps of single images and prints their top five classes.")
        {
            images, architecture, weights, methods, target, layer, preprocessing, raw, output, engine.Name, engine.Libtorch, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            ConfiguredMethod[] chosen = [.. MethodsOf(parsed.GetValue(methods)!)];
            string[] files = [.. parsed.GetValue(images)!.SelectMany(PathArgument.Images)];
            RequireDistinctStems(files);
            using IEngine used = engine.Create(parsed);
            var display = new RunDisplay();
            TrainedNetwork trained = await TrainedNetwork.LoadNamedAsync(parsed.GetValue(architecture)!, parsed.GetValue(weights)!, display, cancel);
            RunDisplay.Say(trained.Notes);
            if (chosen.Select(method => method.Method.Obstacle(trained.Network)).FirstOrDefault(fault => fault is not null) is { } obstacle)
            {
                throw new InputException($"{obstacle}.");
            }

            Layer camLayer = parsed.GetValue(layer) is { } named ? GradCam.LayerOf(trained.Network, named) : trained.Network.Explained;
            var request = new Request(trained, used, chosen, camLayer, TargetRule.Parse(parsed.GetValue(target)!, ClassNames.Of(trained)), Preprocessing.Find(parsed.GetValue(preprocessing)!), parsed.GetValue(raw), parsed.GetValue(output)!);
            return Explain(files, request, parsed.GetValue(json), cancel);
        });
        return command;
    }

    /// <summary>Names with commas between, or what a configuration has under <c>methods</c>.</summary>
    private static IEnumerable<ConfiguredMethod> MethodsOf(string text) => text.AsSpan().ContainsAny('[', '{')
        ? ExperimentConfig.Parse($"methods: {text}", "--methods", [], Engines.Vocabulary).Methods
        : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().Select(name => ConfiguredMethod.Of(AttributionMethods.Find(name)));

    private sealed record Request(
        TrainedNetwork Trained, IEngine Engine, ConfiguredMethod[] Methods, Layer CamLayer, TargetRule Target, Preprocessing Preprocessing, bool Raw, string Folder)
    {
        public ClassNames Classes { get; } = ClassNames.Of(Trained);
    }

    private sealed record RankedClass(int Index, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] float? Logit);

    /// <summary>What became of an image: maps, or the reason why there are none.</summary>
    private sealed record Explained(string Image, IReadOnlyList<RankedClass>? Top5, int? Target, IReadOnlyList<string>? Files, string? Error = null)
    {
        /// <summary>What methods say of their maps, by method and name; null where none says anything.</summary>
        public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Facts { get; init; }
    }

    private static int Explain(string[] images, Request request, bool json, CancellationToken cancel)
    {
        WholeFile.MakeFolder(request.Folder);
        var done = new List<Explained>();
        foreach (string image in images)
        {
            cancel.ThrowIfCancellationRequested();
            Explained explained = Explain(image, request);
            done.Add(explained);
            if (!json && (explained.Error is null || images.Length > 1))
            {
                Print(explained, request);
            }
        }

        if (done.TrueForAll(explained => explained.Error is not null))
        {
            throw new InputException(done.Count == 1 ? Unreadable(done[0]) : $"None of the {done.Count} images can be read; the first: {Unreadable(done[0])}");
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(done, Json));
        }

        return done.Exists(explained => explained.Error is not null) ? SomeFailed : 0;
    }

    private static string Unreadable(Explained explained) => $"The image {explained.Image} cannot be read: {explained.Error}";

    private static Explained Explain(string image, Request request)
    {
        RgbImage fitted;
        try
        {
            fitted = request.Preprocessing.Fit(ImageFile.Load(image));
        }
        catch (Exception error) when (error is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            return new Explained(image, null, null, null, error.Message);
        }

        using Tensor input = request.Preprocessing.ToTensor([fitted], request.Engine);
        using ForwardPass pass = ForwardPass.Run(request.Engine, request.Trained.Network, request.Trained.Weights, input, request.CamLayer);
        float[] logits = new float[pass.Logits.Shape.Count];
        request.Engine.Download(pass.Logits, logits);
        int target = request.Target.Choose(logits, logits, request.Classes.FromPath(Path.GetFullPath(image)), image);
        var space = new InputSpace(Seed, [Path.GetFileName(image)], [fitted], request.Preprocessing.Normalization);
        using var explanation = new Explanation(pass, [target], request.CamLayer, request.Methods, space);
        var files = new List<string>();
        string stem = Path.Combine(request.Folder, Path.GetFileNameWithoutExtension(image));
        foreach (ConfiguredMethod method in request.Methods)
        {
            SaliencyMap map = explanation.Download(method)[0];
            PngFile.Save(MapPicture.Render(method, map, fitted), Written($"{stem}.{method.Id}.png"));
            if (request.Raw)
            {
                NpyFile.Write(Written($"{stem}.{method.Id}.npy"), map.Shape, map.Values);
            }
        }

        if (request.Raw && request.Methods.Contains(GradCam.Instance))
        {
            SaliencyMap map = explanation.Download(GradCam.Instance.ComputeRaw(explanation))[0];
            NpyFile.Write(Written($"{stem}.{GradCam.Instance.Name}_raw.npy"), map.Shape, map.Values);
        }

        RankedClass[] top = [.. Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i]).Take(5).Select(i => new RankedClass(i, request.Classes[i], float.IsFinite(logits[i]) ? logits[i] : null))];
        Dictionary<string, IReadOnlyDictionary<string, double>> facts = explanation.Facts.GroupBy(fact => fact.Method.Id)
            .ToDictionary(facts => facts.Key, facts => (IReadOnlyDictionary<string, double>)facts.ToDictionary(fact => fact.Name, fact => fact.Values[0]));
        return new Explained(image, top, target, files) { Facts = facts.Count > 0 ? facts : null };

        string Written(string path)
        {
            files.Add(path);
            return path;
        }
    }

    private static void Print(Explained explained, Request request)
    {
        if (explained is not { Target: int target, Top5: { } top, Files: { } files })
        {
            Terminal.ErrorLine(Unreadable(explained) + ".");
            return;
        }

        Terminal.Line($"{explained.Image}: target {target}, {request.Classes[target]}");
        foreach (RankedClass ranked in top)
        {
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {ranked.Index,4}  {ranked.Logit,10:0.0000}  {ranked.Name}"));
        }

        foreach ((string method, IReadOnlyDictionary<string, double> facts) in explained.Facts ?? new Dictionary<string, IReadOnlyDictionary<string, double>>())
        {
            Terminal.Line($"  {method}: {string.Join(", ", facts.Select(fact => string.Create(CultureInfo.InvariantCulture, $"{fact.Key.Replace('_', ' ')} {fact.Value:0.######}")))}");
        }

        foreach (string file in files)
        {
            Terminal.Line($"  {file}");
        }
    }

    private static void RequireDistinctStems(string[] images)
    {
        IGrouping<string, string>? same = images.GroupBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)!;
        if (same is not null)
        {
            throw new InputException($"{string.Join(" and ", same)} would write the same files; explain them one by one, each with its own --out.");
        }
    }
}
