using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>Normalization over neighboring channels: x (k + alpha / size sum of x^2)^-beta, the sum over <c>size</c> channels around
/// (Krizhevsky et al. 2012, as ONNX's LRN has it; PyTorch's <c>LocalResponseNorm</c> is the same for an odd size).</summary>
/// <param name="size">Channels that are summed: (size - 1) / 2 below, rounded down, and the rest above.</param>
/// <param name="alpha">Factor of their mean square, missing channels counted as 0.</param>
/// <param name="beta">Exponent.</param>
/// <param name="k">Added to it.</param>
public sealed class LocalResponseNormOperation(int size, float alpha, float beta, float k) : Operation
{
    // Channels as the rows of a plane, whose columns are the places.
    private readonly PoolingGeometry neighbors = new(
        new PoolingAxis(size, 1, (size - 1) / 2, size / 2), new PoolingAxis(1, 1), CountPadding: true);

    private readonly PointwiseFunction shifted = PointwiseFunction.Linear(alpha, k);
    private readonly PointwiseFunction power = PointwiseFunction.Power(-beta);

    /// <inheritdoc/>
    public override Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused)
    {
        using Tensor sums = Sums(engine, inputs[0]), factors = engine.Apply(sums, power);
        using Tensor shaped = engine.Reshape(factors, inputs[0].Shape);
        return engine.Multiply(inputs[0], shaped);
    }

    /// <inheritdoc/>
    public override Tensor[] InputGradients(in BackwardStep step)
    {
        // g s^-beta, and through s: the mean's gradient, 2 x for the square's.
        IEngine engine = step.Engine;
        Tensor x = step.Inputs[0]!;
        using Tensor sums = Sums(engine, x), factors = engine.Apply(sums, power), shaped = engine.Reshape(factors, x.Shape);
        using Tensor direct = engine.Multiply(step.OutputGradient, shaped);
        using Tensor product = engine.Multiply(step.OutputGradient, x), rows = engine.Reshape(product, sums.Shape);
        using Tensor ofSums = engine.ApplyInputGradient(rows, sums, power);
        using Tensor ofSquares = engine.AveragePoolInputGradient(ofSums, sums.Shape, neighbors);
        using Tensor inPlace = engine.Reshape(ofSquares, x.Shape), indirect = engine.Multiply(inPlace, x);
        return [engine.AddScaled(direct, indirect, 2 * alpha)];
    }

    /// <summary>k + alpha times the mean square, [N, 1, C, H W].</summary>
    private Tensor Sums(IEngine engine, Tensor input)
    {
        Shape shape = input.Shape;
        using Tensor squares = engine.Multiply(input, input);
        using Tensor rows = engine.Reshape(squares, new Shape(shape[0], 1, shape[1], (int)(shape.Count / shape[0] / shape[1])));
        using Tensor means = engine.AveragePool(rows, neighbors);
        return engine.Apply(means, shifted);
    }
}
