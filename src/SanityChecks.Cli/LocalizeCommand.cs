using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SanityChecks.Cli.Explanations;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Images.GrabCut;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Cli;

/// <summary>Finds the object of single images by their maps: box, mask and cut-out, and how near they are to the truth.</summary>
internal static class LocalizeCommand
{
    public const string Name = "localize";

    private const int SomeFailed = 1;

    private static readonly Rgb Found = new(255, 210, 0), True = new(0, 200, 80);

    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE")
        {
            Description = $"Image files ({ImageKind.ReadNames}), and folders of them.",
            Arity = ArgumentArity.OneOrMore,
        };
        images.RefuseOptions();
        var network = new NetworkOptions("grad_cam");
        var threshold = new Option<double>("--threshold")
        {
            Description = "The part of the map's largest value that a pixel must exceed, from 0 to below 1.",
            HelpName = "T",
            DefaultValueFactory = _ => MapRegion.Threshold,
        };
        var grabCut = new Option<bool>("--grabcut") { Description = "Cut the object out by the colors of the image, beginning with the map; the pictures then show the cut." };
        var annotations = new Option<string?>("--annotations")
        {
            Description = "The folder with ImageNet's XML files of boxes; of drawn scenes (shapes) box and mask are found beside them.",
            HelpName = "FOLDER",
        };
        var raw = new Option<bool>("--raw") { Description = "Also write what was worked on: the image as the network sees it, and what GrabCut began with (.npy: 0 background, 1 foreground, 2 and 3 the same at first)." };
        var output = new Option<string>("--out")
        {
            Description = "The folder for the pictures.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "results/localize",
        };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command(
            Name, "Finds the object of single images by their maps: writes its mask, its box and the object on white, and says how near to the truth they are.")
        {
            images, threshold, grabCut, annotations, raw, output, json,
        };
        network.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            ExperimentConfig settings = network.Settings(parsed, Name);
            double part = parsed.GetValue(threshold);
            string? boxes = parsed.GetValue(annotations);
            if (!(part is >= 0 and < 1))
            {
                throw new InputException(FormattableString.Invariant($"--threshold: {part} lies outside 0 to below 1."));
            }

            if (boxes is not null && !Directory.Exists(boxes))
            {
                throw new InputException($"--annotations: there is no folder {boxes}.");
            }

            IReadOnlyList<GivenImage> given = ImageArguments.OfFiles(parsed.GetValue(images)!);
            using IEngine used = settings.Engine.Choose(Engines.All).Engine;
            TrainedNetwork trained = await TrainedNetwork.LoadNamedAsync(
                settings.Model.Source(settings.TargetElement), new RunDisplay(), cancel);
            Plan plan = Plan.Of(settings, Annotated(ExplainCommand.Selection(settings, given.Select(image => image.Item)), boxes), trained);
            RunDisplay.Say([.. trained.Notes, .. plan.Notes]);
            var request = new Request(
                plan, used, part, parsed.GetValue(grabCut), parsed.GetValue(raw), parsed.GetValue(output)!, cancel);
            return Localize([.. given.Select(image => image.Shown)], request, parsed.GetValue(json));
        });
        return command;
    }

    private static ImageSelection Annotated(ImageSelection selection, string? annotations) => selection with
    {
        Images = [.. selection.Images.Select(image => (ImageFileItem)image with { Annotations = annotations })],
    };

    private sealed record Request(
        Plan Plan, IEngine Engine, double Threshold, bool GrabCut, bool Raw, string Folder, CancellationToken Cancel)
    {
        /// <summary>The measures, with this threshold where they have one.</summary>
        public IReadOnlyList<ConfiguredLocalization> Measures { get; } =
        [
            .. LocalizationMeasures.All.Where(measure => !measure.IsSlow || GrabCut).Select(measure => ConfiguredLocalization.Of(
                measure, measure.Parameters.Any(parameter => parameter.Name == RegionOverlap.Threshold)
                    ? new Dictionary<string, IReadOnlyList<string>>
                    {
                        [RegionOverlap.Threshold] = [Threshold.ToString("R", CultureInfo.InvariantCulture)],
                    }
                    : null)),
        ];
    }

    /// <summary>What became of an image: what its maps find, or the reason why there are none.</summary>
    private sealed record Located(
        string Image, int? Width, int? Height, int? Target, string? TargetName, IReadOnlyDictionary<string, MapFinding>? Methods,
        string? Error = null);

    /// <summary>What a map finds.</summary>
    /// <param name="Region">Its largest part above the threshold; null where the map marks nothing.</param>
    /// <param name="Cut">The largest part of what GrabCut makes of it; null where nobody asked.</param>
    /// <param name="Scores">By measure, null where undefined; null where no truth is known.</param>
    /// <param name="Files">What was written.</param>
    private sealed record MapFinding(
        Part? Region, Part? Cut, IReadOnlyDictionary<string, MapScore>? Scores, IReadOnlyList<string> Files);

    /// <summary>A part of an image, in pixels of the image as the network sees it.</summary>
    /// <param name="Left">The first column of the box around it.</param>
    /// <param name="Top">The first row.</param>
    /// <param name="Width">Columns.</param>
    /// <param name="Height">Rows.</param>
    /// <param name="Area">Its share of the image.</param>
    private sealed record Part(int Left, int Top, int Width, int Height, double Area)
    {
        public static Part? Of(MapRegion? region) => region is null ? null : new Part(
            region.Box.Left, region.Box.Top, region.Box.Width, region.Box.Height,
            region.Mask.Count(inside => inside) / (double)region.Mask.Count);

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"box left {Left}, top {Top}, width {Width}, height {Height}; {100 * Area:0.0} % of the image");
    }

    private sealed record MapScore(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Value, string Status, double? Chance);

    private static int Localize(string[] files, Request request, bool json)
    {
        WholeFile.MakeFolder(request.Folder);
        var done = new List<Located>();
        foreach ((string file, ImageItem item) in files.Zip(request.Plan.Selection.Images))
        {
            var intake = new ImageIntake(request.Plan.Preprocessing, strict: false);
            IReadOnlyList<(ImageItem, RgbImage)> read = intake.Read([item], request.Cancel);
            Located located = read.Count > 0
                ? Localize(file, read, request)
                : new Located(file, null, null, null, null, null, intake.Skipped[0].Reason);
            done.Add(located);
            if (!json && (located.Error is null || files.Length > 1))
            {
                Print(located);
            }
        }

        if (done.TrueForAll(located => located.Error is not null))
        {
            throw new InputException(
                done.Count == 1 ? Unreadable(done[0]) : $"None of the {done.Count} images can be read; the first: {Unreadable(done[0])}");
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(done, ImageArguments.Json));
        }

        return done.Exists(located => located.Error is not null) ? SomeFailed : 0;
    }

    private static string Unreadable(Located located) => $"The image {located.Image} cannot be read: {located.Error}";

    private static Located Localize(string image, IReadOnlyList<(ImageItem Item, RgbImage Fitted)> read, Request request)
    {
        Plan plan = request.Plan;
        (ImageItem item, RgbImage fitted) = read[0];
        using var batch = new ImageBatch(plan, request.Engine, read);
        using ForwardPass pass = batch.Pass(plan.Trained.Weights);
        float[][] logits = batch.Logits(pass);
        int target = batch.Targets(logits, logits)[0];
        using Explanation explanation = batch.Explain(pass, [target]);
        ImageTruth? truth = plan.Preprocessing.Fit(item.Truth());
        string stem = Path.Combine(request.Folder, Path.GetFileNameWithoutExtension(image));
        var finder = new Finder(request, item, fitted, truth, plan.NamesClass(target));
        return new Located(
            image, fitted.Width, fitted.Height, target, plan.Classes[target],
            plan.Methods.ToDictionary(
                method => method.Id, method => finder.Find(explanation.Download(method)[0], $"{stem}.{method.Id}")));
    }

    /// <summary>Finds the object of one image by each of its maps.</summary>
    private sealed class Finder(Request request, ImageItem item, RgbImage fitted, ImageTruth? truth, Func<string, bool> isTarget)
    {
        private RandomStream Random => LocalizationScores.RandomOf(request.Plan.Config.Seed, item.Id);

        public MapFinding Find(SaliencyMap map, string stem)
        {
            var files = new List<string>();
            bool isFinite = map.Values.ToArray().All(float.IsFinite);
            PixelSeed[]? seeds = isFinite && request.GrabCut ? MapCutout.Seeds(map, request.Threshold) : null;
            MapRegion? region = isFinite ? MapRegion.Of(map, request.Threshold) : null;
            MapRegion? cut = seeds is null ? null : MapRegion.LargestPart(GrabCut.Segment(fitted, seeds, Random), fitted.Width);
            if ((cut ?? region) is { } shown)
            {
                Save(MaskPicture.Of(shown.Mask, fitted.Width), "mask.png");
                Save(MaskPicture.OnWhite(fitted, shown.Mask), "object.png");
                Save(Boxed(shown.Box), "box.png");
            }

            if (request.Raw)
            {
                Save(fitted, "input.png");
            }

            if (request.Raw && seeds is not null)
            {
                NpyFile.Write(
                    Written("seeds.npy"), new Shape(fitted.Height, fitted.Width), Array.ConvertAll(seeds, seed => (float)seed));
            }

            return new MapFinding(Part.Of(region), Part.Of(cut), truth is null ? null : Scores(map), files);

            void Save(RgbImage picture, string name) => PngFile.Save(picture, Written(name));

            string Written(string name)
            {
                files.Add($"{stem}.{name}");
                return files[^1];
            }
        }

        private RgbImage Boxed(PixelBox box) => MaskPicture.WithBox(
            (truth?.Objects ?? []).Aggregate(fitted, (picture, one) => MaskPicture.WithBox(picture, one.Box, True)), box, Found);

        private Dictionary<string, MapScore> Scores(SaliencyMap map)
        {
            SimilarityScore[] scores = LocalizationScores.Of(map, fitted, truth, isTarget, request.Measures, Random);
            SimilarityScore[] chances = LocalizationScores.ByChance(truth, isTarget, request.Measures);
            return request.Measures.Zip(scores, chances).ToDictionary(
                one => one.First.Id, one => new MapScore(one.Second.Value, one.Second.Status, one.Third.Value));
        }
    }

    private static void Print(Located located)
    {
        if (located.Methods is null)
        {
            Terminal.ErrorLine(Unreadable(located) + ".");
            return;
        }

        Terminal.Line(string.Create(
            CultureInfo.InvariantCulture, $"{located.Image}: target {located.Target}, {located.TargetName}; {located.Width} x {located.Height} pixels"));
        foreach ((string method, MapFinding finding) in located.Methods)
        {
            Terminal.Line(finding.Region is { } region ? $"  {method}: {region}" : $"  {method}: the map marks nothing");
            if (finding.Cut is { } cut)
            {
                Terminal.Line($"    cut out: {cut}");
            }

            if (finding.Scores is { } scores)
            {
                Terminal.Line($"    {string.Join(", ", scores.Select(score => Spelled(score.Key, score.Value)))}");
            }

            foreach (string file in finding.Files)
            {
                Terminal.Line($"    {file}");
            }
        }
    }

    private static string Spelled(string measure, MapScore score) => score.Value is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{measure} {value:0.00} (chance {score.Chance:0.00})")
        : $"{measure} undefined ({score.Status})";
}
