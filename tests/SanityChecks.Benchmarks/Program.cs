using System.CommandLine;
using BenchmarkDotNet.Running;
using SanityChecks.Benchmarks;
using SanityChecks.Compute;

// dotnet run --project tests/SanityChecks.Benchmarks -c Release -- vgg16 | layers | gemm | scores | methods | kernels
var engine = new Option<string>("--engine")
{
    Description = string.Join(", ", Engines.Names) + ".",
    HelpName = "NAME",
    DefaultValueFactory = _ => "auto",
};
var libtorch = new Option<string?>("--libtorch")
{
    Description = "The libraries of an installed PyTorch, for the engines torch.",
    HelpName = "FOLDER",
};
var weights = new Option<string?>("--weights") { Description = "VGG16's weights; random ones take as long.", HelpName = "FILE" };
var batch = new Option<int>("--batch") { Description = "Images at once.", HelpName = "N", DefaultValueFactory = _ => 8 };
var repeats = new Option<int>("--repeats")
{
    Description = "Measurements, of which the median counts.",
    HelpName = "N",
    DefaultValueFactory = _ => 5,
};
var layer = new Option<string?>("--layer") { Description = "A layer, such as conv1_2: the one that is timed, or that class activation maps read.", HelpName = "NAME" };
var json = new Option<bool>("--json") { Description = "One line of JSON instead of a table." };
var benchmarks = new Argument<string[]>("arguments") { Description = "What BenchmarkDotNet understands, such as --filter '*'." };

var vgg16 = new Command(
    "vgg16", "Seconds of an image through VGG16 at 224 x 224: forward, with the guided gradient of the image, with Grad-CAM.") { weights,
    batch, engine, libtorch, repeats, json };
vgg16.SetAction(
    parsed => VggBenchmark.Run(
        parsed.GetValue(weights), parsed.GetValue(batch), Engine(parsed), parsed.GetValue(repeats), parsed.GetValue(json)));
var layers = new Command(
    "layers", "Each weight layer of VGG16 alone, forward and input gradient, with GFLOP/s as if computed directly.") { layer, batch, engine,
    libtorch, repeats };
layers.SetAction(parsed => LayerBenchmark.Run(parsed.GetValue(layer), parsed.GetValue(batch), Engine(parsed), parsed.GetValue(repeats)));
var gemm = new Command("gemm", "A product of two matrices of 2048 x 2048.") { engine, libtorch, repeats, json };
gemm.SetAction(parsed => GemmBenchmark.Run(Engine(parsed), parsed.GetValue(repeats), parsed.GetValue(json)));
var scores = new Command("scores", "Milliseconds to score a map of 224 x 224 by the four metrics on one core.") { repeats, json };
scores.SetAction(parsed => ScoreBenchmark.Run(parsed.GetValue(repeats), parsed.GetValue(json)));
var named = new Argument<string[]>("METHOD") { Description = "Such as score_cam, or integrated_gradients:steps=50.", Arity = ArgumentArity.ZeroOrMore };
var methods = new Command("methods", "Seconds of methods on VGG16 at full width, beside a pass forward and a pass back, and the memory.")
{
    named, batch, layer, engine, libtorch, repeats, json,
};
methods.SetAction(parsed => MethodsBenchmark.Run(
    parsed.GetValue(named)!, parsed.GetValue(batch), parsed.GetValue(layer), Engine(parsed), parsed.GetValue(repeats),
    parsed.GetValue(json)));
var kernels = new Command("kernels", "The kernels alone, by BenchmarkDotNet.") { benchmarks };
benchmarks.Arity = ArgumentArity.ZeroOrMore;
kernels.TreatUnmatchedTokensAsErrors = false;
kernels.SetAction(
    parsed => { BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly)
        .Run([.. parsed.UnmatchedTokens, .. parsed.GetValue(benchmarks) ?? []]); });
ParseResult parsed = new RootCommand("How fast the engine is.") { vgg16, layers, gemm, scores, methods, kernels }.Parse(args);
try
{
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (EngineException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

IEngine Engine(ParseResult given) => Engines.Create(given.GetValue(engine)!, given.GetValue(libtorch));
