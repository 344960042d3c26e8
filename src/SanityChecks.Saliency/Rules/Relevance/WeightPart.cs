using System.Runtime.CompilerServices;
using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules.Relevance;

/// <summary>What counts of a layer's parameters: their positive values times one number, their negative values times another.</summary>
/// <param name="OfPositive">Times what is above 0.</param>
/// <param name="OfNegative">Times what is not.</param>
public readonly record struct WeightPart(float OfPositive, float OfNegative)
{
    private const int Convolution = 4; // axes of a convolution's weight

    private static readonly ConditionalWeakTable<Tensor, Dictionary<WeightPart, HostTensor>> Made = [];

    /// <summary>The positive values alone.</summary>
    public static WeightPart Positive { get; } = new(1, 0);

    /// <summary>The negative values alone.</summary>
    public static WeightPart Negative { get; } = new(0, 1);

    /// <summary>A layer's parameters, changed.</summary>
    /// <param name="step">Has them: the weight, and the bias where there is one.</param>
    /// <param name="bias">Whether the bias counts; otherwise it is 0.</param>
    /// <remarks>A convolution's are kept as long as its weight, so that engines prepare them once. A fully connected layer's are not: they
    /// can be most of a network.</remarks>
    public Tensor[] Of(in BackwardStep step, bool bias = true)
    {
        var result = new Tensor[step.Parameters.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (i == 0 || bias ? this : default).Of(step.Engine, step.Parameters[i]);
        }

        return result;
    }

    private HostTensor Of(IEngine engine, Tensor tensor)
    {
        if (tensor.Shape.Rank != Convolution)
        {
            return Changed(engine, tensor);
        }

        Dictionary<WeightPart, HostTensor> parts = Made.GetOrCreateValue(tensor);
        lock (parts)
        {
            if (!parts.TryGetValue(this, out HostTensor? part))
            {
                part = Changed(engine, tensor);
                parts.Add(this, part);
            }

            return part;
        }
    }

    private HostTensor Changed(IEngine engine, Tensor tensor)
    {
        float[] values = new float[tensor.Shape.Count];
        engine.Download(tensor, values);
        (float ofPositive, float ofNegative) = this;
        Parallel.For(0, values.Length, i => values[i] *= values[i] > 0 ? ofPositive : ofNegative);
        return new HostTensor(tensor.Shape, values);
    }
}
