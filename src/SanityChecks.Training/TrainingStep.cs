using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Training;

/// <summary>What one step showed.</summary>
/// <param name="Weights">The weights after it.</param>
/// <param name="Loss">The batch's mean loss before it.</param>
/// <param name="Correct">How many images of the batch were told right before it.</param>
/// <param name="GradientNorm">The Euclidean norm of all gradients together, before clipping.</param>
public sealed record StepResult(Weights Weights, double Loss, int Correct, double GradientNorm);

/// <summary>Steps that make a network's loss smaller, batch after batch.</summary>
/// <param name="engine">Computes activations and gradients.</param>
/// <param name="network">The graph.</param>
/// <param name="layers">The layers that are trained; those below the lowest of them are only run forward.</param>
/// <param name="optimizer">Turns gradients into weights.</param>
/// <param name="smoothing">Label smoothing, as in <see cref="CrossEntropy.Of"/>.</param>
/// <param name="clip">The largest norm that all gradients may have together, after which they are scaled down to it; null for no
/// limit.</param>
/// <remarks>Batch normalisations that are trained go by the batch's statistics, as in PyTorch's training mode. The same weights, batches
/// and engine give the same bits, whatever the number of threads.</remarks>
public sealed class TrainingStep(
    IEngine engine, Network network, IReadOnlyCollection<Layer> layers, Optimizer optimizer, double smoothing = 0, double? clip = null)
{
    private readonly TrainingGraph graph = new(network, layers);

    /// <summary>Takes a step; its learning rate is the schedule's at the optimizer's steps so far.</summary>
    /// <param name="weights">The weights before it; unchanged.</param>
    /// <param name="batch">The examples.</param>
    /// <param name="schedule">The learning rate.</param>
    /// <returns>The new weights; the given ones where the loss or the norm is not finite, for which no step can be taken.</returns>
    public StepResult Take(Weights weights, TrainingBatch batch, LearningRateSchedule schedule)
    {
        using ForwardPass pass = ForwardPass.Run(engine, graph.Network, weights, batch.Images);
        float[] logits = new float[pass.Logits.Shape.Count];
        engine.Download(pass.Logits, logits);
        CrossEntropy loss = CrossEntropy.Of(logits, batch.Labels, smoothing);
        if (!double.IsFinite(loss.Loss))
        {
            return new StepResult(weights, loss.Loss, loss.Correct, double.NaN);
        }

        var gradients = new Dictionary<string, float[]>(StringComparer.Ordinal);
        double squares = 0;
        foreach ((string name, Tensor tensor) in BackwardPass.ParameterGradients(pass, loss.LogitGradient, graph.Layers))
        {
            float[] values = new float[tensor.Shape.Count];
            engine.Download(tensor, values);
            tensor.Dispose();
            gradients.Add(name, values);
            foreach (float value in values)
            {
                squares += (double)value * value;
            }
        }

        double norm = Math.Sqrt(squares);
        if (!double.IsFinite(norm))
        {
            return new StepResult(weights, loss.Loss, loss.Correct, norm);
        }

        // The small term is that of PyTorch's clip_grad_norm_.
        double scale = clip is double largest ? Math.Min(1, largest / (norm + 1e-6)) : 1;
        return new StepResult(
            optimizer.Step(graph.Follow(weights, pass), gradients, schedule.At(optimizer.Steps), scale), loss.Loss, loss.Correct, norm);
    }
}
