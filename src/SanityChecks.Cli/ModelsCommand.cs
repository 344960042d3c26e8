using System.CommandLine;
using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Onnx;
using SanityChecks.Networks.WeightFiles;

namespace SanityChecks.Cli;

/// <summary>Lists the architectures, their layers in the order of randomization, and the weights that are known.</summary>
internal static class ModelsCommand
{
    public const string Name = "models";

    public static Command Create()
    {
        var command = new Command(
            Name, "Lists architectures, their layers in randomization order, known weights and where they are cached.");
        var file = new Argument<string?>("FILE")
        {
            Description = "An .onnx file, whose layers are listed instead.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        file.RefuseOptions();
        command.Arguments.Add(file);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(file) is { } path)
            {
                TrainedNetwork read = OnnxNetwork.Load(path, null);
                RunDisplay.Say(read.Notes);
                Print(read.Network);
                return 0;
            }

            foreach (string name in ArchitectureList.Names)
            {
                Print(ArchitectureList.Build(name));
            }

            Terminal.Line($"Weights are cached in {WeightCache.Folder()} ({WeightCache.Variable} changes that).");
            return 0;
        });
        return command;
    }

    private static void Print(Network network)
    {
        long parameters = network.Tensors.Sum(tensor => tensor.Shape.Count);
        Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{network.Architecture}: {network.WeightLayers.Count} layers with weights, {parameters / 1e6:0.0} million parameters, for images of {network.ImageSize.Height} x {network.ImageSize.Width}; Grad-CAM reads {Both(network.Explained)}"));
        foreach (string weights in BundledWeights.Names.Where(weights => BundledWeights.IsFor(weights, network.Architecture)))
        {
            Terminal.Line($"  weights {weights}: bundled, of a narrower network");
        }

        foreach (KnownWeights weights in KnownWeights.All.Where(weights => weights.Architecture == network.Architecture))
        {
            bool cached = File.Exists(Path.Combine(WeightCache.Folder(), weights.FileName));
            Terminal.Line(
                $"  weights {weights.Name}: {weights.Url} (sha256 {weights.Sha256Prefix}...), {(cached ? "cached" : "not cached")}");
        }

        Terminal.Line("  layers, in the order of a cascade from the top; either name can be used:");
        int width = network.WeightLayers.Max(layer => layer.PaperName.Length) + 2;
        int other = network.WeightLayers.Max(layer => layer.Name.Length) + 2;
        bool named = network.WeightLayers.Any(layer => layer.Name != layer.PaperName);
        foreach (Layer layer in network.WeightLayers)
        {
            Shape weight = layer.Operation!.Parameters[0].Shape;
            Terminal.Line($"    {layer.PaperName.PadRight(width)}{(named ? layer.Name.PadRight(other) : "")}{weight}");
        }

        Console.WriteLine();
    }

    private static string Both(Layer layer) => layer.Name == layer.PaperName ? layer.Name : $"{layer.PaperName} ({layer.Name})";
}
