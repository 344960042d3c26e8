using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Saliency.Attribution;

/// <summary>FullGrad: psi(x g) of the image plus psi(b g) of every channel that has a bias b, with g the gradient of the target's logit at
/// each (Srinivas and Fleuret 2019).</summary>
/// <remarks>
/// <para>
/// As in the authors' code (<c>fullgrad.py</c>), psi takes the magnitude, then takes off the smallest and divides by the largest and 1e-6,
/// both over all channels and places of a layer for one image, and enlarges bilinearly with corners on corners; the channels are added up.
/// Every convolution counts, with the gradient at its own sum, and every batch normalization, whose bias is shift - mean scale / deviation.
/// Fully connected layers have no places and are left out.
/// </para>
/// <para>
/// Values are at least 0, [H, W]. Without psi, and with the fully connected layers, the parts add up to the logit. In double precision on
/// the host; the gradient of a layer is given up before the next is shown.
/// </para>
/// </remarks>
public sealed class FullGrad : AttributionMethod
{
    private const double Epsilon = 1e-6;

    private FullGrad()
        : base("full_grad", "FullGrad", "Srinivas and Fleuret 2019", MethodFamily.Gradients,
            "input times gradient plus bias times gradient of every channel with a bias, each layer scaled to [0, 1]", signed: false)
    {
    }

    /// <summary>The method.</summary>
    public static FullGrad Instance { get; } = new();

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        IEngine engine = explanation.Engine;
        (int height, int width) = explanation.InputSize;
        int batch = explanation.Targets.Count;
        Dictionary<Layer, double[]> biases = Biases(explanation.Network, explanation.Weights);
        double[] map = new double[batch * height * width];
        explanation.ForEachLayerGradient([explanation.Input, .. biases.Keys], (layer, gradient) =>
        {
            Shape shape = gradient.Shape;
            if (shape.Rank != 4)
            {
                return;
            }

            float[] values = new float[shape.Count], image = layer == explanation.Input ? new float[shape.Count] : [];
            engine.Download(gradient, values);
            if (image.Length > 0)
            {
                engine.Download(explanation.Activation(layer), image);
            }

            int channels = shape[1], positions = shape[2] * shape[3], size = channels * positions;
            Parallel.For(0, batch, n =>
            {
                double[] parts = new double[size];
                for (int channel = 0; channel < channels; channel++)
                {
                    double bias = image.Length > 0 ? 0 : biases[layer][channel];
                    for (int i = channel * positions; i < (channel + 1) * positions; i++)
                    {
                        parts[i] = Math.Abs((image.Length > 0 ? image[(n * size) + i] : bias) * values[(n * size) + i]);
                    }
                }

                AddEnlarged(ScaledSum(parts, positions), (shape[2], shape[3]), map.AsSpan(n * height * width), (height, width));
            });
        });
        return explanation.Keep(engine.Upload(new Shape(batch, 1, height, width), Array.ConvertAll(map, value => (float)value)));
    }

    /// <summary>The layers that add a bias, with a value for each channel.</summary>
    internal static Dictionary<Layer, double[]> Biases(Network network, Weights weights)
    {
        var biases = new Dictionary<Layer, double[]>();
        foreach (Layer layer in network.WeightLayers)
        {
            if (layer.Operation!.Offsets([.. layer.TensorNames.Select(name => weights[name])]) is { } offsets)
            {
                biases.Add(layer, offsets);
            }
        }

        return biases;
    }

    /// <summary>The sum over channels of values that are scaled to [0, 1] all together.</summary>
    private static double[] ScaledSum(double[] parts, int positions)
    {
        double least = parts[0], most = parts[0];
        foreach (double part in parts)
        {
            (least, most) = (Math.Min(least, part), Math.Max(most, part));
        }

        double[] sums = new double[positions];
        for (int channel = 0; channel < parts.Length; channel += positions)
        {
            for (int i = 0; i < positions; i++)
            {
                sums[i] += (parts[channel + i] - least) / (most - least + Epsilon);
            }
        }

        return sums;
    }

    /// <summary>Adds a map, enlarged so that the middles of the corners' pixels fall on each other (PyTorch's
    /// <c>align_corners=True</c>).</summary>
    private static void AddEnlarged(double[] small, (int Height, int Width) from, Span<double> map, (int Height, int Width) to)
    {
        for (int y = 0; y < to.Height; y++)
        {
            (int top, int bottom, double down) = Between(y, from.Height, to.Height);
            for (int x = 0; x < to.Width; x++)
            {
                (int left, int right, double across) = Between(x, from.Width, to.Width);
                double upper = Mix(small[(top * from.Width) + left], small[(top * from.Width) + right], across);
                double lower = Mix(small[(bottom * from.Width) + left], small[(bottom * from.Width) + right], across);
                map[(y * to.Width) + x] += Mix(upper, lower, down);
            }
        }

        static double Mix(double first, double second, double share) => ((1 - share) * first) + (share * second);
    }

    /// <summary>The two pixels of an axis between which a pixel of the larger one falls, and how far towards the second.</summary>
    private static (int First, int Second, double Share) Between(int at, int from, int to)
    {
        double place = to > 1 ? (double)at * (from - 1) / (to - 1) : 0;
        int first = Math.Min((int)place, from - 1);
        return (first, Math.Min(first + 1, from - 1), place - first);
    }
}
