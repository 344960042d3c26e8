using System.Globalization;
using System.Reflection;
using TorchSharp;

namespace SanityChecks.Compute.Torch;

/// <summary>The engines that TorchSharp brings, for the list in <see cref="Engines"/>.</summary>
public static class TorchEngines
{
    // VGG16 keeps 60 MB an image for the trained and for the current network, so 50 take 6 GB; a card with less is asked again for half.
    private const int CardBatch = 50, ProcessorBatch = 8;

    // What the package was restored for: only one with CUDA can use a card.
    private static readonly bool ForCards =
        typeof(TorchEngines).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(fact => fact is { Key: "Torch", Value: "cuda" });

    /// <summary>The engines, in the order of preference.</summary>
    public static IReadOnlyList<EngineEntry> Entries { get; } =
    [
        new("torch:cuda", "an NVIDIA card is the fastest", CardHindrance, (name, options) => OnCard(Number(name), options), TakesNumber: true),
        new("torch", null, () => NativeLibtorch.Fault, (_, options) => CardHindrance() is null ? OnCard(0, options) : OnProcessor()), // a card if there is one
        new("torch:cpu", null, () => NativeLibtorch.Fault, (_, _) => OnProcessor()), // to compare, and to test without a card
    ];

    private static TorchEngine OnProcessor()
    {
        if (NativeLibtorch.Fault is { } fault)
        {
            throw new EngineException($"The engine 'torch:cpu' cannot run: {fault}. --engine cpu runs everywhere.");
        }

        torch.set_num_threads(Environment.ProcessorCount); // without this libtorch may start with one
        return new TorchEngine(
            "torch:cpu", torch.CPU, string.Create(CultureInfo.InvariantCulture, $"libtorch {torch.__version__}, {torch.get_num_threads()} thread(s)"), Versions(), ProcessorBatch);
    }

    private static TorchEngine OnCard(int number, EngineOptions options)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"torch:cuda:{number}");
        if (CardHindrance() is { } hindrance)
        {
            throw new EngineException($"The engine '{name}' cannot run: {hindrance}. --engine cpu runs everywhere.");
        }

        int cards = torch.cuda.device_count();
        if (number >= cards)
        {
            throw new EngineException(string.Create(
                CultureInfo.InvariantCulture, $"The engine '{name}' cannot run: this machine has {cards} card(s), torch:cuda:0 to torch:cuda:{cards - 1}."));
        }

        torch.backends.cuda.matmul.allow_tf32 = options.AllowTf32;
        torch.backends.cudnn.allow_tf32 = options.AllowTf32;
        string card = NvidiaDriver.Installed?.CardName(number) ?? "an unnamed card";
        Dictionary<string, string> facts = Versions();
        facts["device"] = card;
        facts["driver"] = NvidiaDriver.Installed?.Version ?? "unknown";
        facts["driver_cuda"] = NvidiaDriver.Installed?.Cuda ?? "unknown";
        facts["tf32"] = options.AllowTf32 ? "true" : "false";
        return new TorchEngine(
            name, new torch.Device(DeviceType.CUDA, number), $"{card}, libtorch {torch.__version__}{(options.AllowTf32 ? ", TF32" : "")}", facts, CardBatch);
    }

    private static Dictionary<string, string> Versions() => new(StringComparer.Ordinal)
    {
        ["libtorch"] = torch.__version__,
        ["torchsharp"] = typeof(torch).Assembly.GetName().Version?.ToString() ?? "",
    };

    private static string? CardHindrance()
    {
        if (!ForCards)
        {
            return "this build has libtorch for processors only, -p:Torch=cuda builds the other";
        }

        if (NvidiaDriver.Installed is not { } driver)
        {
            return "no NVIDIA driver is installed";
        }

        if ((driver.Fault ?? NativeLibtorch.Fault) is { } fault)
        {
            return fault;
        }

        return torch.cuda.is_available()
            ? null
            : $"libtorch {torch.__version__} cannot use the NVIDIA driver {driver.Version ?? "of this machine"}, which serves CUDA up to {driver.Cuda ?? "an unknown version"}: "
                + "it needs a newer driver, or an older TorchSharp (-p:TorchSharpVersion=)";
    }

    private static int Number(string name) => name.Split(':') is [_, _, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
}
