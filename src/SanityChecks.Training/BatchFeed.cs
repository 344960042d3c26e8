using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.RunFiles;

namespace SanityChecks.Training;

/// <summary>Which examples make a batch.</summary>
/// <param name="First">Index of the first.</param>
/// <param name="Count">How many, at least 1.</param>
/// <param name="Size">Pixels a side.</param>
public readonly record struct BatchRequest(long First, int Count, int Size);

/// <summary>Examples as a network takes them.</summary>
/// <param name="Images">[N, 3, H, W], normalised.</param>
/// <param name="Labels">N labels.</param>
public sealed record TrainingBatch(HostTensor Images, int[] Labels);

/// <summary>Draws batches ahead of their use, on other threads.</summary>
public static class BatchFeed
{
    private const int Ahead = 2;

    /// <summary>The batches in the order of their requests; up to two are drawn while one is used.</summary>
    /// <param name="set">The examples.</param>
    /// <param name="requests">Which ones; looked at no further ahead than batches are drawn.</param>
    /// <param name="normalization">Turns pixels into values.</param>
    /// <exception cref="InputException">An example cannot be read.</exception>
    public static IEnumerable<TrainingBatch> Draw(TrainingSet set, IEnumerable<BatchRequest> requests, Normalization normalization)
    {
        var pending = new Queue<Task<TrainingBatch>>();
        try
        {
            foreach (BatchRequest request in requests)
            {
                pending.Enqueue(Task.Run(() => Draw(set, request, normalization)));
                if (pending.Count > Ahead)
                {
                    yield return pending.Dequeue().GetAwaiter().GetResult();
                }
            }

            while (pending.Count > 0)
            {
                yield return pending.Dequeue().GetAwaiter().GetResult();
            }
        }
        finally
        {
            // Nobody wants these any more, nor their errors.
            Task.WhenAll(pending)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        }
    }

    private static TrainingBatch Draw(TrainingSet set, BatchRequest request, Normalization normalization)
    {
        var shape = new Shape(request.Count, 3, request.Size, request.Size);
        int length = 3 * request.Size * request.Size;
        float[] values = new float[shape.Count];
        int[] labels = new int[request.Count];
        for (int n = 0; n < request.Count; n++)
        {
            Example example = set.Draw(request.First + n, request.Size);
            normalization.Apply(example.Image, values.AsSpan(n * length, length));
            labels[n] = example.Label;
        }

        return new TrainingBatch(new HostTensor(shape, values), labels);
    }
}
