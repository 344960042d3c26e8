using SanityChecks.Compute;

namespace SanityChecks.Training;

/// <summary>Softmax cross-entropy of a batch.</summary>
/// <param name="Loss">The mean over the batch, in nats.</param>
/// <param name="LogitGradient">[N, classes]: its gradient with respect to the logits.</param>
/// <param name="Correct">How many images have their largest logit at their label; of equal logits the first counts.</param>
public sealed record CrossEntropy(double Loss, HostTensor LogitGradient, int Correct)
{
    /// <summary>Loss and gradient, in double precision and without overflow for logits of any size.</summary>
    /// <param name="logits">[N, classes], row after row.</param>
    /// <param name="labels">N labels in [0, classes).</param>
    /// <param name="smoothing">
    /// The part of each target's probability that is spread evenly over all classes, in [0, 1) (Szegedy et al. 2016, section 7);
    /// as <c>label_smoothing</c> of PyTorch's <c>cross_entropy</c>.
    /// </param>
    /// <exception cref="ArgumentException">The logits are not a row for each label.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public static CrossEntropy Of(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, double smoothing = 0)
    {
        if (labels.IsEmpty || logits.Length % labels.Length != 0)
        {
            throw new ArgumentException($"{logits.Length} logits are not a row for each of {labels.Length} labels.", nameof(logits));
        }

        int classes = logits.Length / labels.Length, correct = 0;
        float[] gradient = new float[logits.Length];
        double loss = 0, rest = smoothing / classes;
        for (int n = 0; n < labels.Length; n++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(labels[n], nameof(labels));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(labels[n], classes, nameof(labels));
            ReadOnlySpan<float> row = logits.Slice(n * classes, classes);
            double largest = row[0], sum = 0;
            foreach (float logit in row)
            {
                largest = Math.Max(largest, logit);
            }

            foreach (float logit in row)
            {
                sum += Math.Exp(logit - largest);
            }

            double logSum = largest + Math.Log(sum);
            for (int c = 0; c < classes; c++)
            {
                double target = rest + (c == labels[n] ? 1 - smoothing : 0);
                loss -= target == 0 ? 0 : target * (row[c] - logSum);
                gradient[(n * classes) + c] = (float)((Math.Exp(row[c] - logSum) - target) / labels.Length);
            }

            correct += Largest(row) == labels[n] ? 1 : 0;
        }

        return new CrossEntropy(loss / labels.Length, new HostTensor(new Shape(labels.Length, classes), gradient), correct);
    }

    /// <summary>The index of the largest value; the first of equal ones.</summary>
    internal static int Largest(ReadOnlySpan<float> row)
    {
        int best = 0;
        for (int c = 1; c < row.Length; c++)
        {
            best = row[c] > row[best] ? c : best;
        }

        return best;
    }
}
