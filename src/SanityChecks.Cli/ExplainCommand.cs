using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Imaging;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Images;
using SanityChecks.Saliency.Models;

namespace SanityChecks.Cli;

/// <summary>Explains single images: writes their maps and prints the top five classes.</summary>
internal static class ExplainCommand
{
    public const string Name = "explain";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE") { Description = $"Image files: {ImageKind.ReadNames}.", Arity = ArgumentArity.OneOrMore };
        images.RefuseOptions();
        var architecture = new Option<string>("--architecture") { Description = string.Join(", ", Architectures.Names) + ".", HelpName = "NAME", DefaultValueFactory = _ => "vgg16" };
        var weights = new Option<string>("--weights") { Description = "A .safetensors or .pth file, imagenet (downloaded once) or shapes (bundled, for vgg16).", HelpName = "FILE", DefaultValueFactory = _ => "imagenet" };
        var methods = new Option<string>("--methods") { Description = string.Join(",", AttributionMethods.All.Select(method => method.Name)) + ", or some of them.", HelpName = "a,b", DefaultValueFactory = _ => "grad_cam,guided_backprop,guided_grad_cam" };
        var target = new Option<string>("--target") { Description = "predicted, label (from the file's folder or name), or a class by index, name or WordNet id.", HelpName = "T", DefaultValueFactory = _ => "predicted" };
        var layer = new Option<string?>("--layer") { Description = "The layer that Grad-CAM reads; the last convolution's ReLU by default.", HelpName = "NAME" };
        var preprocessing = new Option<string>("--preprocessing") { Description = string.Join(" or ", Preprocessing.All.Select(preset => preset.Name)) + ".", HelpName = "NAME", DefaultValueFactory = _ => "imagenet" };
        var raw = new Option<bool>("--raw") { Description = "Also write the unscaled maps as .npy, and Grad-CAM at the layer's size." };
        var output = new Option<string>("--out") { Description = "The folder for the maps.", HelpName = "DIR", DefaultValueFactory = _ => "results/explain" };
        Option<string?> engine = EngineOption.Create();
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command(Name, "Writes the saliency maps of single images and prints their top five classes.")
        {
            images, architecture, weights, methods, target, layer, preprocessing, raw, output, engine, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            AttributionMethod[] chosen = [.. parsed.GetValue(methods)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().Select(AttributionMethods.Find)];
            RequireDistinctStems(parsed.GetValue(images)!);
            using IEngine used = Engines.Create(parsed.GetValue(engine) ?? Engines.Auto);
            var display = new RunDisplay();
            TrainedNetwork trained = await TrainedNetwork.LoadNamedAsync(parsed.GetValue(architecture)!, parsed.GetValue(weights)!, display, cancel);
            Layer camLayer = parsed.GetValue(layer) is { } named ? GradCam.LayerOf(trained.Network, named) : trained.Network.Explained;
            var request = new Request(trained, used, chosen, camLayer, TargetRule.Parse(parsed.GetValue(target)!, trained.Classes), Preprocessing.Find(parsed.GetValue(preprocessing)!), parsed.GetValue(raw), parsed.GetValue(output)!);
            return Explain(parsed.GetValue(images)!, request, parsed.GetValue(json), cancel);
        });
        return command;
    }

    private sealed record Request(
        TrainedNetwork Trained, IEngine Engine, AttributionMethod[] Methods, Layer CamLayer, TargetRule Target, Preprocessing Preprocessing, bool Raw, string Folder);

    private sealed record RankedClass(int Index, string Name, float? Logit);

    private sealed record Explained(string Image, IReadOnlyList<RankedClass> Top5, int Target, IReadOnlyList<string> Files);

    private static int Explain(string[] images, Request request, bool json, CancellationToken cancel)
    {
        Directory.CreateDirectory(request.Folder);
        var done = new List<Explained>();
        foreach (string image in images)
        {
            cancel.ThrowIfCancellationRequested();
            Explained explained = Explain(image, request);
            done.Add(explained);
            if (!json)
            {
                Print(explained, request);
            }
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(done, Json));
        }

        return 0;
    }

    private static Explained Explain(string image, Request request)
    {
        RgbImage fitted = request.Preprocessing.Fit(Load(image));
        using Tensor input = request.Preprocessing.ToTensor([fitted], request.Engine);
        using ForwardPass pass = ForwardPass.Run(request.Engine, request.Trained.Network, request.Trained.Weights, input, request.CamLayer);
        float[] logits = new float[pass.Logits.Shape.Count];
        request.Engine.Download(pass.Logits, logits);
        int target = request.Target.Choose(logits, logits, request.Trained.Classes.FromPath(Path.GetFullPath(image)), image);
        using var explanation = new Explanation(pass, [target], request.CamLayer, request.Methods);
        var files = new List<string>();
        string stem = Path.Combine(request.Folder, Path.GetFileNameWithoutExtension(image));
        foreach (AttributionMethod method in request.Methods)
        {
            SaliencyMap map = explanation.Download(method)[0];
            PngFile.Save(MapPicture.Render(method, map, fitted), Written($"{stem}.{method.Name}.png"));
            if (request.Raw)
            {
                NpyFile.Write(Written($"{stem}.{method.Name}.npy"), map.Shape, map.Values);
            }
        }

        if (request.Raw && request.Methods.Contains(GradCam.Instance))
        {
            SaliencyMap map = explanation.Download(GradCam.Instance.ComputeRaw(explanation))[0];
            NpyFile.Write(Written($"{stem}.{GradCam.Instance.Name}_raw.npy"), map.Shape, map.Values);
        }

        RankedClass[] top = [.. Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i]).Take(5).Select(i => new RankedClass(i, request.Trained.Classes[i], float.IsFinite(logits[i]) ? logits[i] : null))];
        return new Explained(image, top, target, files);

        string Written(string path)
        {
            files.Add(path);
            return path;
        }
    }

    private static RgbImage Load(string path)
    {
        try
        {
            return ImageFile.Load(path);
        }
        catch (Exception error) when (error is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The image {path} cannot be read: {error.Message}", error);
        }
    }

    private static void Print(Explained explained, Request request)
    {
        Console.WriteLine($"{explained.Image}: target {explained.Target}, {request.Trained.Classes[explained.Target]}");
        foreach (RankedClass ranked in explained.Top5)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {ranked.Index,4}  {ranked.Logit,10:0.0000}  {ranked.Name}"));
        }

        foreach (string file in explained.Files)
        {
            Console.WriteLine($"  {file}");
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
