using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SanityChecks.Cli.Explanations;
using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Axioms;
using Spectre.Console;

namespace SanityChecks.Cli;

/// <summary>Shows which axioms methods keep, on functions whose answers are known and on a network and image.</summary>
internal static class AxiomsCommand
{
    public const string Name = "axioms";

    private const int WidestTable = 400;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static Command Create()
    {
        var image = new Argument<string?>("IMAGE")
        {
            Description = $"An image file ({ImageKind.ReadNames}) to try a network's maps on; without one, known functions alone.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var network = new NetworkOptions("all");
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command =
            new Command(Name,
                "Checks axioms that attribution is asked to keep: sensitivity, invariance to the implementation, completeness, linearity.")
        {
            image, json,
        };
        network.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            ExperimentConfig settings = network.Settings(parsed, Name);
            using IEngine engine = settings.Engine.Choose(Engines.All).Engine;
            var results = new List<AxiomResult>();
            if (parsed.GetValue(image) is { } file)
            {
                TrainedNetwork trained = await TrainedNetwork.LoadNamedAsync(
                    settings.Model.Source(settings.TargetElement), new RunDisplay(), cancel);
                Plan plan = Plan.Of(settings, ExplainCommand.Selection(settings, [ImageArguments.Item(file)]), trained);
                RunDisplay.Say([.. trained.Notes, .. plan.Notes]);
                results.AddRange(OnImage(plan, engine, cancel));
            }
            else
            {
                results.AddRange(settings.Methods.SelectMany(method => AxiomChecks.OnToys(engine, method)));
            }

            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(results, Json));
            }
            else
            {
                Print(results);
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<AxiomResult> OnImage(Plan plan, IEngine engine, CancellationToken cancel)
    {
        IReadOnlyList<(ImageItem Item, RgbImage Fitted)> read =
            new ImageIntake(plan.Preprocessing, strict: true).Read(plan.Selection.Images, cancel);
        using var batch = new ImageBatch(plan, engine, read);
        using ForwardPass pass = batch.Pass(plan.Trained.Weights);
        float[][] logits = batch.Logits(pass);
        int target = batch.Targets(logits, logits)[0];
        var checks = new ExplainedImage(
            engine, plan.Trained.Network, plan.Trained.Weights, plan.CamLayer, pass[plan.Trained.Network.Input], batch.Space, target);
        foreach ((int i, ConfiguredMethod method) in plan.Methods.Index())
        {
            cancel.ThrowIfCancellationRequested();

            // Some take thousands of passes for each axiom.
            Terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"{method.Id}, {i + 1} of {plan.Methods.Count}"));
            foreach (AxiomResult result in checks.Check(method))
            {
                yield return result;
            }
        }
    }

    private static void Print(List<AxiomResult> results)
    {
        IAnsiConsole console = RunDisplay.ForTables(WidestTable);
        Table table = new Table().Border(Console.IsOutputRedirected ? TableBorder.Ascii2 : TableBorder.Simple).AddColumn("method");
        foreach (string axiom in results.Select(result => result.Axiom).Distinct())
        {
            table.AddColumn(Markup.Escape(axiom));
        }

        foreach (IGrouping<string, AxiomResult> method in results.GroupBy(result => result.Method))
        {
            table.AddRow([method.Key, .. method.Select(result => Markup.Escape(Cell(result)))]);
        }

        console.Write(table);
        foreach (string asked in results.Select(result => $"{result.Axiom}: {result.Asks}").Distinct())
        {
            Terminal.Line(asked);
        }

        foreach (IGrouping<string, AxiomResult> reason in results.Where(result => result.Verdict == AxiomVerdict.DoesNotApply)
            .GroupBy(result => result.Says))
        {
            Terminal.Line($"-: {reason.Key}: {string.Join(", ", reason.Select(result => result.Method).Distinct())}");
        }
    }

    private static string Cell(AxiomResult result) => result.Verdict switch
    {
        AxiomVerdict.Pass => "pass: " + result.Says,
        AxiomVerdict.Fail => "fail: " + result.Says,
        _ => "-",
    };
}
