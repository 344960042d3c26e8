using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Saliency.Faithfulness;

/// <summary>The area under the curve of a network's answer while an image becomes another one, the most salient pixels first.</summary>
/// <remarks>
/// After k of K steps exactly round(k HW / K) pixels are changed; where an image has fewer pixels than there should be steps, each step is
/// one pixel. The area is (sum - first / 2 - last / 2) / (answers - 1): the mean answer, from 0 to 1 where answers are probabilities.
/// </remarks>
public abstract class PixelCurve : FaithfulnessMeasure
{
    private protected const string Steps = "steps";

    private protected PixelCurve(string name, string title, string source, string description)
        : base(name, title, source, description)
    {
    }

    private protected static Parameter StepsParameter { get; } = new IntegerParameter(
        Steps, 224, 2, 1_000_000, "steps in which all pixels are changed; of 224 x 224 pixels 224 at a time where there are 224");

    /// <inheritdoc/>
    public override int Passes(ParameterValues values, int pixels)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Math.Min(values.Integer(Steps), pixels) + (BeginsUnchanged ? 1 : 0);
    }

    /// <summary>Whether the answer before the first step belongs to the curve.</summary>
    private protected abstract bool BeginsUnchanged { get; }

    /// <summary>What an image is before and after, both [N, C, H, W] or null for the images themselves.</summary>
    private protected abstract (float[]? Before, float[]? After) Ends(ParameterValues values, RankedImages batch);

    private protected virtual bool ReadsLogits(ParameterValues values) => false;

    internal override Perturbation Of(ConfiguredFaithfulness configured, RankedImages batch)
    {
        (float[]? before, float[]? after) = Ends(configured.Values, batch);
        return new Curve(this, configured.Values, batch, before, after);
    }

    private sealed class Curve(PixelCurve measure, ParameterValues values, RankedImages batch, float[]? before, float[]? after)
        : Perturbation
    {
        private readonly int steps = Math.Min(values.Integer(Steps), batch.Plane);

        public override int Count => measure.Passes(values, batch.Plane);

        public override bool ReadsLogits => measure.ReadsLogits(values);

        public override void Change(int image, int number, Span<float> input)
        {
            ReadOnlySpan<float> own = batch.Pixels(image), first = before is null ? own : batch.Of(before, image),
                last = after is null ? own : batch.Of(after, image);
            first.CopyTo(input);
            long step = number + (measure.BeginsUnchanged ? 0 : 1);
            int changed = (int)(((2 * step * batch.Plane) + steps) / (2 * steps));
            foreach (int place in batch.Order(image)[..changed])
            {
                for (int at = place; at < input.Length; at += batch.Plane)
                {
                    input[at] = last[at];
                }
            }
        }

        public override double Score(ReadOnlySpan<double> answers)
        {
            double sum = 0;
            foreach (double answer in answers)
            {
                sum += answer;
            }

            return (sum - (answers[0] / 2) - (answers[^1] / 2)) / (answers.Length - 1);
        }
    }
}
