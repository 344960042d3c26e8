namespace SanityChecks.Compute;

/// <summary>A function of each element that is no ReLU, such as SiLU, with its constants.</summary>
/// <param name="Kind">Which function.</param>
/// <param name="A">Its first constant, as <see cref="PointwiseKind"/> names it; 0 where it has none.</param>
/// <param name="B">Its second constant.</param>
public readonly record struct PointwiseFunction(PointwiseKind Kind, float A = 0, float B = 0)
{
    /// <summary>x / (1 + exp(-x)), also called swish.</summary>
    public static PointwiseFunction Silu => new(PointwiseKind.Silu);

    /// <summary>1 / (1 + exp(-x)).</summary>
    public static PointwiseFunction Sigmoid => new(PointwiseKind.Sigmoid);

    /// <summary>tanh(x).</summary>
    public static PointwiseFunction Tanh => new(PointwiseKind.Tanh);

    /// <summary>x min(max(x + 3, 0), 6) / 6, as in MobileNet v3.</summary>
    public static PointwiseFunction HardSwish => new(PointwiseKind.HardSwish);

    /// <summary>x where it is positive, else slope x.</summary>
    public static PointwiseFunction LeakyRelu(float slope) => new(PointwiseKind.LeakyRelu, slope);

    /// <summary>x where it is positive, else alpha (exp(x) - 1).</summary>
    public static PointwiseFunction Elu(float alpha) => new(PointwiseKind.Elu, alpha);

    /// <summary>min(max(slope x + shift, 0), 1).</summary>
    public static PointwiseFunction HardSigmoid(float slope, float shift) => new(PointwiseKind.HardSigmoid, slope, shift);

    /// <summary>min(max(x, lower), upper).</summary>
    public static PointwiseFunction Clamp(float lower, float upper) => new(PointwiseKind.Clamp, lower, upper);

    /// <summary>factor x + shift.</summary>
    public static PointwiseFunction Linear(float factor, float shift) => new(PointwiseKind.Linear, factor, shift);

    /// <summary>x to a power; no number where x is negative and the exponent not whole.</summary>
    public static PointwiseFunction Power(float exponent) => new(PointwiseKind.Power, exponent);
}

/// <summary>What a <see cref="PointwiseFunction"/> computes of x.</summary>
public enum PointwiseKind
{
    /// <summary>A x + B.</summary>
    Linear,

    /// <summary>x where positive, else A x.</summary>
    LeakyRelu,

    /// <summary>x where positive, else A (exp(x) - 1).</summary>
    Elu,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>x / (1 + exp(-x)).</summary>
    Silu,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>A x + B, at least 0 and at most 1.</summary>
    HardSigmoid,

    /// <summary>x (x + 3) / 6 between -3 and 3, below 0, above x.</summary>
    HardSwish,

    /// <summary>x, at least A and at most B.</summary>
    Clamp,

    /// <summary>x to the power of A.</summary>
    Power,
}
