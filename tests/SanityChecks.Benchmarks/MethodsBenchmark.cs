using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Benchmarks;

/// <summary>What methods cost beside passes of the network: VGG16 at full width, random weights.</summary>
internal static class MethodsBenchmark
{
    private const int Size = 224;

    /// <summary>What one pass forward and a pass back by each of three rules give.</summary>
    private static readonly ConfiguredMethod[] OnePass =
    [
        GradCam.Instance, GradCamPlusPlus.Instance, XGradCam.Instance, HiResCam.Instance, LayerCam.Instance, InputGradient.Instance,
        InputXGradient.Instance, GuidedBackprop.Instance, Deconvnet.Instance, GuidedGradCam.Instance,
    ];

    /// <summary>Prints seconds of a batch: a pass forward, a pass back, all of <see cref="OnePass"/> together, and each method that is
    /// named; and the most memory that the process has held.</summary>
    /// <param name="methods">Names, with parameters behind them: <c>integrated_gradients:steps=50</c>.</param>
    /// <param name="batch">Images.</param>
    /// <param name="layer">The layer that class activation maps read; null for the last convolution's ReLU. Score-CAM takes a pass for
    /// each of its channels: 64 of relu1_2, 512 of relu5_3.</param>
    /// <param name="made">Computes.</param>
    /// <param name="repeats">Measurements, of which the median counts.</param>
    /// <param name="json">One line of JSON.</param>
    public static void Run(string[] methods, int batch, string? layer, IEngine made, int repeats, bool json)
    {
        (Network network, Weights weights) = VggBenchmark.Load(null);
        Layer cam = layer is null ? network.Explained : network.Find(layer);
        using IEngine engine = made;
        using Tensor images = engine.Upload(new Shape(batch, 3, Size, Size), Timing.Noise((long)batch * 3 * Size * Size, 1));
        var space = new InputSpace(
            1, [.. Enumerable.Range(0, batch).Select(n => n.ToString(CultureInfo.InvariantCulture))],
            [.. Enumerable.Repeat(new RgbImage(Size, Size, new byte[3 * Size * Size]), batch)], Normalization.ImageNet);
        var seconds = new Dictionary<string, double>
        {
            ["forward"] = Median(),
            ["forward, backward"] = Median(InputGradient.Instance),
            ["one-pass methods"] = Median(OnePass),
        };
        foreach (string method in methods)
        {
            // Of hundreds of passes, which the ones above have warmed up for.
            ConfiguredMethod[] one = [Parse(method)];
            seconds[method] = Timing.MedianOf(repeats, () => Explain(one));
        }

        double gigabytes = Process.GetCurrentProcess().PeakWorkingSet64 / 1e9;
        Console.WriteLine(json
            ? JsonSerializer.Serialize(new { engine = engine.Description, batch, seconds, gigabytes })
            : string.Create(CultureInfo.InvariantCulture, $"VGG16, {Size} x {Size}, {batch} images; {engine.Description}; medians of {repeats}; at most {gigabytes:0.00} GB\n")
                + string.Join('\n', seconds.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key,-40} {one.Value,9:0.000} s"))));

        double Median(params ConfiguredMethod[] wanted) => Timing.Medians(repeats, () => Explain(wanted))[0];

        void Explain(ConfiguredMethod[] wanted)
        {
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, images, cam);
            using var explanation = new Explanation(pass, new int[batch], cam, wanted, space);
            foreach (ConfiguredMethod method in wanted)
            {
                explanation.Map(method);
            }
        }
    }

    private static ConfiguredMethod Parse(string text)
    {
        string[] parts = text.Split(':', ',');
        return ConfiguredMethod.Of(
            AttributionMethods.Find(parts[0]), parts.Skip(1).Select(part => part.Split('='))
                .ToDictionary(pair => pair[0], pair => (IReadOnlyList<string>)[pair[1]]));
    }
}
