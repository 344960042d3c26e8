namespace SanityChecks.Compute.Reference;

/// <summary>Functions of each element and their derivatives, computed in double precision.</summary>
internal static class Pointwise
{
    public static float Value(double x, PointwiseFunction function)
    {
        double a = function.A, b = function.B;
        return (float)(function.Kind switch
        {
            PointwiseKind.Linear => (a * x) + b,
            PointwiseKind.LeakyRelu => x > 0 ? x : a * x,
            PointwiseKind.Elu => x > 0 ? x : a * (Math.Exp(x) - 1),
            PointwiseKind.Sigmoid => Sigmoid(x),
            PointwiseKind.Silu => x * Sigmoid(x),
            PointwiseKind.Tanh => Math.Tanh(x),
            PointwiseKind.HardSigmoid => Math.Clamp((a * x) + b, 0, 1),
            PointwiseKind.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
            PointwiseKind.Clamp => Math.Min(Math.Max(x, a), b),
            PointwiseKind.Power => Math.Pow(x, a),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        });
    }

    /// <summary>The gradient times the derivative; at a corner the derivative is PyTorch's.</summary>
    public static float InputGradient(float gradient, double x, PointwiseFunction function)
    {
        double a = function.A, b = function.B;
        return (float)(gradient * (function.Kind switch
        {
            PointwiseKind.Linear => a,
            PointwiseKind.LeakyRelu => x > 0 ? 1 : a,
            PointwiseKind.Elu => x > 0 ? 1 : a * Math.Exp(x),
            PointwiseKind.Sigmoid => Sigmoid(x) * Sigmoid(-x),
            PointwiseKind.Silu => Sigmoid(x) * (1 + (x * Sigmoid(-x))),
            PointwiseKind.Tanh => 1 - (Math.Tanh(x) * Math.Tanh(x)),
            PointwiseKind.HardSigmoid => (a * x) + b is > 0 and < 1 ? a : 0,
            PointwiseKind.HardSwish => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5,
            PointwiseKind.Clamp => x >= a && x <= b ? 1 : 0,
            PointwiseKind.Power => a * Math.Pow(x, a - 1),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        }));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
