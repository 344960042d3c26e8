using System.Globalization;
using TorchSharp;

namespace SanityChecks.Compute.Torch;

/// <summary>The engines that TorchSharp brings, for a program's <see cref="EngineList"/>.</summary>
public static class TorchEngines
{
    // VGG16 keeps 60 MB an image for the trained and for the current network, so 50 take 6 GB; a card with less is asked again for half.
    private const int CardBatch = 50, ProcessorBatch = 8;

    /// <summary>The engines, in the order of preference.</summary>
    public static IReadOnlyList<EngineEntry> Entries { get; } =
    [
        new("torch:cuda", "an NVIDIA card is the fastest", CardHindrance, (name, options) =>
            OnCard(Number(name), options), TakesNumber: true, Expected: HasPart),
        // a card if there is one
        new("torch", null, options => CardHindrance(options) is null ? null : ProcessorHindrance(options), (_, options) =>
            CardHindrance(options) is null ? OnCard(0, options) : OnProcessor("torch", options)),
        // to compare, and to test without a card
        new("torch:cpu", null, ProcessorHindrance, (_, options) => OnProcessor("torch:cpu", options)),
    ];

    private static TorchEngine OnProcessor(string name, EngineOptions options)
    {
        Require(name, options, ProcessorFault);
        torch.set_num_threads(options.Threads ?? Environment.ProcessorCount); // without this libtorch may start with one
        return new TorchEngine(
            "torch:cpu", torch.CPU,
            string.Create(CultureInfo.InvariantCulture, $"libtorch {NativeLibtorch.Version}, {torch.get_num_threads()} thread(s)"),
            Versions(), ProcessorBatch);
    }

    private static TorchEngine OnCard(int number, EngineOptions options)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"torch:cuda:{number}");
        Require(name, options, _ => CardHindrance(options));
        int cards = torch.cuda.device_count();
        if (number >= cards)
        {
            throw new EngineException(string.Create(
                CultureInfo.InvariantCulture,
                $"The engine '{name}' cannot run: this machine has {cards} card(s), torch:cuda:0 to torch:cuda:{cards - 1}."));
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
            name, new torch.Device(DeviceType.CUDA, number),
            $"{card}, libtorch {NativeLibtorch.Version}{(options.AllowTf32 ? ", TF32" : "")}", facts, CardBatch);
    }

    private static Dictionary<string, string> Versions() => new(StringComparer.Ordinal)
    {
        ["libtorch"] = NativeLibtorch.Version ?? "",
        ["torchsharp"] = typeof(torch).Assembly.GetName().Version?.ToString() ?? "",
    };

    /// <summary>Whether the machine has a part of what a card takes, so that somebody may expect one to be used.</summary>
    private static bool HasPart(EngineOptions options) => LibtorchFolder.Of(options) is not null || NvidiaDriver.Installed is not null;

    private static string? ProcessorHindrance(EngineOptions options) =>
        LibtorchFolder.Of(options) is { } folder ? ProcessorFault(folder) : "there is no libtorch";

    private static string? ProcessorFault(LibtorchFolder folder) => NativeLibtorch.Fault(folder) ?? ConvolutionTrial.Fault();

    private static string? CardHindrance(EngineOptions options)
    {
        if (LibtorchFolder.Of(options) is not { } folder)
        {
            return "there is no libtorch (--engine torch says how to get it)";
        }

        if (NvidiaDriver.Installed is not { } driver)
        {
            return "no NVIDIA driver is installed";
        }

        if ((driver.Fault ?? NativeLibtorch.Fault(folder)) is { } fault)
        {
            return fault;
        }

        if (!folder.ForCards)
        {
            return $"libtorch in {folder.Path} is for processors only, -p:Torch=cuda restores the other";
        }

        return torch.cuda.is_available()
            ? null
            : $"libtorch {NativeLibtorch.Version} cannot use the NVIDIA driver {driver.Version ?? "of this machine"}, which serves CUDA up to {driver.Cuda ?? "an unknown version"}: "
                + "it needs a newer driver, or a libtorch for an older CUDA (--libtorch)";
    }

    /// <summary>Throws what is missing for an engine that was asked for by name: a page of ways to libtorch where there is none, one line
    /// otherwise.</summary>
    private static void Require(string name, EngineOptions options, Func<LibtorchFolder, string?> hindrance)
    {
        if (LibtorchFolder.Of(options) is not { } folder)
        {
            Version needed = LibtorchFolder.Needed;
            throw new EngineException(string.Create(
                CultureInfo.InvariantCulture,
                $"""
                The engine '{name}' needs libtorch {needed.Major}.{needed.Minor}. For NVIDIA cards (several GB): dotnet run -p:Torch=cuda -- --engine torch ...
                For processors (0.6 GB): dotnet run -p:Torch=cpu -- --engine torch:cpu ...
                From an installed PyTorch {needed.Major}.{needed.Minor}: --libtorch FOLDER or the key engine.libtorch, where python3 -c "import torch; print(torch.__path__[0] + '/lib')" prints FOLDER.
                """));
        }

        if (hindrance(folder) is { } reason)
        {
            throw new EngineException($"The engine '{name}' cannot run: {reason}. --engine cpu runs everywhere.");
        }
    }

    private static int Number(string name) => name.Split(':') is [_, _, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
}
