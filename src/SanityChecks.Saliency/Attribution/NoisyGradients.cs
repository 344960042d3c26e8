using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Attribution;

/// <summary>Moments of the gradient at noisy copies of the images; methods with the same noise share its passes.</summary>
/// <param name="Means">The mean, [N, 3, H, W].</param>
/// <param name="MeanSquares">The mean of the squares.</param>
internal sealed record NoisyGradients(double[] Means, double[] MeanSquares)
{
    /// <summary>The moments, in double precision.</summary>
    /// <param name="explanation">Has the images and the network.</param>
    /// <param name="owner">Whose random numbers the noise is of.</param>
    /// <param name="values">Values for the parameters of <see cref="NoisyCopies"/>.</param>
    public static NoisyGradients Of(Explanation explanation, string owner, ParameterValues values) =>
        explanation.Once(("noisy gradients", owner, values), () =>
        {
            int count = values.Integer(NoisyCopies.Samples);
            var copies = new NoisyCopies(explanation, owner, values);
            double[] sums = new double[explanation.Activation(explanation.Input).Shape.Count], squares = new double[sums.Length];
            explanation.ForEachGradient(count, copies.Copy, gradient => Parallel.For(0, sums.Length, i =>
            {
                sums[i] += gradient[i];
                squares[i] += (double)gradient[i] * gradient[i];
            }));
            return new NoisyGradients(
                Array.ConvertAll(sums, sum => sum / count), Array.ConvertAll(squares, sum => sum / count));
        });
}
