namespace SanityChecks.Training;

/// <summary>Adam (Kingma and Ba 2015) with decoupled weight decay (AdamW, Loshchilov and Hutter 2019).</summary>
/// <remarks>As PyTorch's <c>AdamW</c>, with beta2 = 0.999 and epsilon = 1e-8; weight decay is left out for biases and
/// normalisations.</remarks>
/// <param name="momentum">beta1, in [0, 1).</param>
/// <param name="weightDecay">Each step takes learning rate times this part off every weight, whatever its gradient; at least 0.</param>
public sealed class Adam(double momentum = 0.9, double weightDecay = 0) : Optimizer
{
    private const double Beta2 = 0.999, Epsilon = 1e-8;

    /// <inheritdoc/>
    public override string Name => "adam";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Moments { get; } = ["mean", "square"];

    /// <inheritdoc/>
    protected override void Update(
        float[] values, float[] gradient, float[][] memory, int first, int end, double learningRate, double scale, bool decays)
    {
        float[] means = memory[0], squares = memory[1];
        double keep = decays ? 1 - (learningRate * weightDecay) : 1;
        double rate = learningRate / (1 - Math.Pow(momentum, Steps)), root = Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        for (int i = first; i < end; i++)
        {
            double g = gradient[i] * scale;
            double mean = (momentum * means[i]) + ((1 - momentum) * g), square = (Beta2 * squares[i]) + ((1 - Beta2) * g * g);
            means[i] = (float)mean;
            squares[i] = (float)square;
            values[i] = (float)((values[i] * keep) - (rate * mean / ((Math.Sqrt(square) / root) + Epsilon)));
        }
    }
}
