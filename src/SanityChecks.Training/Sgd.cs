namespace SanityChecks.Training;

/// <summary>Stochastic gradient descent with momentum and L2 weight decay, as PyTorch's <c>SGD</c>; biases and normalisations do not
/// decay.</summary>
/// <param name="momentum">How much of the last step's direction is kept, in [0, 1).</param>
/// <param name="weightDecay">Added to a weight's gradient, times the weight (L2: the momentum carries it on); at least 0.</param>
public sealed class Sgd(double momentum = 0.9, double weightDecay = 0) : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Moments { get; } = ["momentum"];

    /// <inheritdoc/>
    protected override void Update(
        float[] values, float[] gradient, float[][] memory, int first, int end, double learningRate, double scale, bool decays)
    {
        float[] directions = memory[0];
        double decay = decays ? weightDecay : 0;
        for (int i = first; i < end; i++)
        {
            double direction = (momentum * directions[i]) + (gradient[i] * scale) + (decay * values[i]);
            directions[i] = (float)direction;
            values[i] = (float)(values[i] - (learningRate * direction));
        }
    }
}
