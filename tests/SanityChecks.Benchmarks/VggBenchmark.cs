using System.Globalization;
using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Training;

namespace SanityChecks.Benchmarks;

/// <summary>What an experiment does for each image and network, without the experiment.</summary>
internal static class VggBenchmark
{
    private const int Size = 224;

    /// <summary>VGG16 with a file's weights, or random ones.</summary>
    public static (Network Network, Weights Weights) Load(string? path)
    {
        if (path is null)
        {
            return InitialWeights.Random("vgg16", 1, null, 1000, 1);
        }

        TrainedNetwork trained = TrainedNetwork.Load("vgg16", path);
        return (trained.Network, trained.Weights);
    }

    /// <summary>Multiplications of a convolution or linear layer for one image.</summary>
    public static double Products(Shape weight, Shape output) =>
        output.Axes.ToArray().Skip(1).Aggregate(1.0, (product, axis) => product * axis) * weight.Count / weight[0];

    /// <summary>The layer whose activation holds a weight layer's output: its ReLU, where it has one.</summary>
    public static Layer Stored(Network network, Layer layer) =>
        network.Layers.FirstOrDefault(other => other.Operation is ActivationOperation && other.Inputs.Contains(layer)) ?? layer;

    public static void Run(string? weightsPath, int batch, IEngine made, int repeats, bool json)
    {
        (Network network, Weights weights) = Load(weightsPath);
        using IEngine engine = made;
        using Tensor images = engine.Upload(new Shape(batch, 3, Size, Size), Timing.Noise((long)batch * 3 * Size * Size, 1));
        int[] targets = new int[batch];
        Layer cam = network.Explained;
        double forward = 0;
        using (ForwardPass pass = ForwardPass.Run(engine, network, weights, images))
        {
            foreach (Layer layer in network.WeightLayers)
            {
                forward += Products(weights[layer.Name + ".weight"].Shape, pass[Stored(network, layer)].Shape);
            }
        }

        double[] seconds = Timing.Medians(
            repeats, () => Explain(), () => Explain(GuidedBackprop.Instance), () => Explain(GradCam.Instance));
        var result = new
        {
            engine = engine.Name,
            instructions = engine.Description,
            batch,
            forward = seconds[0] / batch,
            forward_input_gradient = seconds[1] / batch,
            grad_cam = seconds[2] / batch,
            forward_gflops = 2e-9 * forward * batch / seconds[0],
            forward_input_gradient_gflops = 4e-9 * forward * batch / seconds[1],
        };
        Console.WriteLine(json ? JsonSerializer.Serialize(result) : string.Create(CultureInfo.InvariantCulture, $"""
            VGG16, {Size} x {Size}, batch of {batch}; engine {engine.Name}, {engine.Description}; medians of {repeats}

                                          s/image   GFLOP/s as if direct
            forward                       {result.forward,7:0.0000}   {result.forward_gflops,7:0}
            forward, guided gradient      {result.forward_input_gradient,7:0.0000}   {result.forward_input_gradient_gflops,7:0}
            forward, Grad-CAM             {result.grad_cam,7:0.0000}
            """));

        void Explain(params AttributionMethod[] methods)
        {
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, images, cam);
            using var explanation = new Explanation(pass, targets, cam, [.. methods]);
            foreach (AttributionMethod method in methods)
            {
                explanation.Map(method);
            }
        }
    }
}
