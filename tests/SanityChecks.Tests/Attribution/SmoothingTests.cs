using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Attribution;

/// <summary>Maps averaged over noisy copies, by hand on a linear network; MethodReferenceTests has PyTorch's.</summary>
public class SmoothingTests
{
    private const int Side = 4, Plane = Side * Side, Size = 3 * Plane;
    private const ulong Seed = 7;

    /// <summary>The logit is the mean over space of a weighted sum of channels: its gradient is the same for every input.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_linear_networks_input_x_gradient_is_the_weights_times_the_mean_of_the_copies(int samples)
    {
        var sketch = new GraphSketch();
        Layer convolution = sketch.Convolution("conv", sketch.Input, 3, 2, 1);
        sketch.Add("linear", new LinearOperation(new Shape(1, 2)), sketch.Pooled(convolution));
        Network network = sketch.Build(convolution);
        float[] kernel = [1, -2, 0.5f, 3, 0.25f, -1], values = [.. Enumerable.Range(0, Size).Select(i => (((i * 7) % 11) - 4) / 4f)];
        var weights = new Weights(new Dictionary<string, HostTensor>
        {
            ["conv.weight"] = new(new Shape(2, 3, 1, 1), kernel),
            ["conv.bias"] = new(new Shape(2), [0, 0]),
            ["linear.weight"] = new(new Shape(1, 2), [2, -1]),
            ["linear.bias"] = new(new Shape(1), [0]),
        });
        using IEngine engine = Engines.Create("cpu");
        using var image = new HostTensor(new Shape(1, 3, Side, Side), values);
        using ForwardPass pass = ForwardPass.Run(engine, network, weights, image);
        var space = new InputSpace(Seed, ["a"], [new RgbImage(1, 1, [0, 0, 0])], Normalization.Standard([0, 0, 0], [1, 1, 1]));
        ConfiguredMethod method = ConfiguredMethod.Of(InputXGradient.Instance) with { Smoothing = new Smoothing(samples, 0.3) };
        using var explanation = new Explanation(pass, [0], convolution, [method], space);
        float[] map = explanation.Download(method)[0].Values.ToArray();

        var stream = new RandomStream(Seed, 0, "attribution/smooth/input_x_gradient/a");
        double deviation = 0.3 * (values.Max() - values.Min());
        for (int i = 0; i < Size; i++)
        {
            double noise = Enumerable.Range(0, samples - 1).Sum(
                sample => NormalQuantile.At(stream.Uniform(((long)sample * Size) + i)));
            double gradient = ((2 * kernel[i / Plane]) - kernel[3 + (i / Plane)]) / Plane;
            Assert.Equal(gradient * (values[i] + (deviation * noise / samples)), map[i], 1e-6);
        }
    }
}
