using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Benchmarks;

/// <summary>Where VGG16's time goes.</summary>
internal static class LayerBenchmark
{
    private const int Size = 224;

    public static void Run(string? only, int batch, IEngine made, int repeats)
    {
        (Network network, Weights weights) = VggBenchmark.Load(null);
        using IEngine engine = made;
        using Tensor images = engine.Upload(new Shape(batch, 3, Size, Size), Timing.Noise((long)batch * 3 * Size * Size, 1));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"VGG16, {Size} x {Size}, batch of {batch}; engine {engine.Name}, {engine.Description}; medians of {repeats}"));
        Console.WriteLine();
        Console.WriteLine("layer      forward ms/image  GFLOP/s   input gradient ms/image  GFLOP/s");
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, images);
        double[] total = new double[2];
        foreach (Layer layer in network.WeightLayers.Reverse().Where(layer => only is null || layer.PaperName == only))
        {
            Tensor input = pass[layer.Inputs[0]];
            Tensor[] parameters = [.. layer.TensorNames.Select(name => weights[name])];
            Layer stored = VggBenchmark.Stored(network, layer);
            Tensor output = pass[stored];
            Activation activation = stored == layer ? Activation.None : Activation.Relu;
            double[] seconds = Timing.Medians(
                repeats,
                () => layer.Operation!.Forward(engine, [input], parameters, activation).Dispose(),
                () => layer.Operation!.InputGradients(new BackwardStep(engine, output, [input], output, parameters))[0].Dispose());
            double flops = 2 * VggBenchmark.Products(parameters[0].Shape, output.Shape) * batch;
            Console.WriteLine(Row(layer.PaperName, flops, seconds));
            total = [total[0] + seconds[0], total[1] + seconds[1]];
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"all        {total[0] * 1000 / batch,16:0.00}            {total[1] * 1000 / batch,23:0.00}"));

        string Row(string name, double flops, double[] seconds) => string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-10} {seconds[0] * 1000 / batch,16:0.00}  {flops / seconds[0] / 1e9,7:0}   {seconds[1] * 1000 / batch,23:0.00}  {flops / seconds[1] / 1e9,7:0}");
    }
}
