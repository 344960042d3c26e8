using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.RunFiles;

namespace SanityChecks.Training;

/// <summary>How many images of a class are told right.</summary>
/// <param name="Name">The class.</param>
/// <param name="Images">Images of it.</param>
/// <param name="Correct">Those whose largest logit is the class's.</param>
public sealed record ClassAccuracy(string Name, int Images, int Correct);

/// <summary>How well a network tells the classes of a set.</summary>
/// <param name="Loss">Mean cross-entropy without label smoothing, in nats.</param>
/// <param name="Accuracy">Part of the images that are told right, in [0, 1].</param>
/// <param name="Classes">The same for each class.</param>
public sealed record Evaluation(double Loss, double Accuracy, IReadOnlyList<ClassAccuracy> Classes)
{
    /// <summary>Runs a network over the first images of a set.</summary>
    /// <param name="engine">Computes it.</param>
    /// <param name="network">The graph.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="set">The images.</param>
    /// <param name="images">How many of them, from index 0, at least 1.</param>
    /// <param name="size">Pixels a side.</param>
    /// <param name="batch">Images at once; changes no result.</param>
    /// <param name="normalization">Turns pixels into values.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="InputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Evaluation Of(
        IEngine engine, Network network, Weights weights, TrainingSet set, int images, int size, int batch, Normalization normalization,
        CancellationToken cancel = default)
    {
        int[] counts = new int[set.Classes.Count], correct = new int[set.Classes.Count];
        double loss = 0;
        IEnumerable<BatchRequest> requests = Enumerable.Range(0, (images + batch - 1) / batch)
            .Select(i => new BatchRequest((long)i * batch, Math.Min(batch, images - (i * batch)), size));
        foreach (TrainingBatch drawn in BatchFeed.Draw(set, requests, normalization))
        {
            cancel.ThrowIfCancellationRequested();
            using ForwardPass pass = ForwardPass.Run(engine, network, weights, drawn.Images);
            float[] logits = new float[pass.Logits.Shape.Count];
            engine.Download(pass.Logits, logits);
            for (int n = 0; n < drawn.Labels.Length; n++)
            {
                int label = drawn.Labels[n];
                CrossEntropy one = CrossEntropy.Of(logits.AsSpan(n * network.Classes, network.Classes), [label]);
                loss += one.Loss;
                counts[label]++;
                correct[label] += one.Correct;
            }
        }

        return new Evaluation(
            loss / images, (double)correct.Sum() / images,
            [.. set.Classes.Select((name, i) => new ClassAccuracy(name, counts[i], correct[i]))]);
    }
}
