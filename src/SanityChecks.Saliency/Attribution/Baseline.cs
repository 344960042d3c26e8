using SanityChecks.Compute;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Inputs without a picture, from which a method goes to the image or with which it covers parts of it.</summary>
public static class Baseline
{
    /// <summary>Standard deviation of <c>blur</c>, in pixels (Sturmfels, Lundberg and Lee 2020).</summary>
    public const double BlurSigma = 20;

    /// <summary>Black pixels.</summary>
    public const string Black = "black";

    /// <summary>White pixels.</summary>
    public const string White = "white";

    private const string Mean = "mean", Blur = "blur";

    // SciPy's gaussian_filter cuts the window here.
    private const double SigmasOfWindow = 4;

    /// <summary>A parameter that chooses one.</summary>
    public static ChoiceParameter Parameter { get; } =
        new("baseline", [Black, Mean, White, Blur],
            "the input without a picture: a black or white one, each image's own mean color, or the image blurred (Gaussian, 20 pixels)");

    /// <summary>The baseline of each image of a batch.</summary>
    /// <param name="name">One of the parameter's choices.</param>
    /// <param name="explanation">Has the inputs and their meaning; owns the result.</param>
    /// <returns>A tensor of the inputs' shape.</returns>
    public static Tensor Of(string name, Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        Tensor inputs = explanation.Activation(explanation.Input);
        float[] values = new float[inputs.Shape.Count];
        explanation.Engine.Download(inputs, values);
        int channels = inputs.Shape[1], height = inputs.Shape[2], width = inputs.Shape[3], plane = height * width;
        for (int n = 0; n < inputs.Shape[0]; n++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                Span<float> own = values.AsSpan(((n * channels) + channel) * plane, plane);
                if (name == Blur)
                {
                    Blurred(own, height, width);
                }
                else
                {
                    own.Fill(
                        name == Mean ? MeanOf(own) : explanation.Space.Value(n, channel, name == White ? byte.MaxValue : byte.MinValue));
                }
            }
        }

        return explanation.Keep(explanation.Engine.Upload(inputs.Shape, values));
    }

    private static float MeanOf(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return (float)(sum / values.Length);
    }

    /// <summary>Columns, then rows, in double precision; beyond an edge the plane is mirrored, the edge's value twice (SciPy's
    /// <c>reflect</c>).</summary>
    private static void Blurred(Span<float> plane, int height, int width)
    {
        double[] values = new double[plane.Length], between = new double[plane.Length];
        for (int i = 0; i < plane.Length; i++)
        {
            values[i] = plane[i];
        }

        Smooth(values, between, (height, width), (width, 1));
        Smooth(between, values, (width, 1), (height, width));
        for (int i = 0; i < plane.Length; i++)
        {
            plane[i] = (float)values[i];
        }
    }

    /// <summary>The Gaussian's weighted means along one axis; of each axis its length and the distance of two neighbors.</summary>
    private static void Smooth(double[] values, double[] means, (int Length, int Step) along, (int Length, int Step) across)
    {
        int radius = (int)((SigmasOfWindow * BlurSigma) + 0.5);
        double[] window = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-0.5 * x * x / (BlurSigma * BlurSigma)))];
        double total = window.Sum();
        for (int line = 0; line < across.Length; line++)
        {
            for (int at = 0; at < along.Length; at++)
            {
                double sum = 0;
                for (int k = -radius; k <= radius; k++)
                {
                    sum += window[k + radius] * values[(line * across.Step) + (Mirrored(at + k, along.Length) * along.Step)];
                }

                means[(line * across.Step) + (at * along.Step)] = sum / total;
            }
        }
    }

    private static int Mirrored(int index, int length)
    {
        int period = 2 * length, within = ((index % period) + period) % period;
        return within < length ? within : period - 1 - within;
    }
}
