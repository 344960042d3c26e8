using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Attribution;

/// <summary>How the class whose logit is explained is chosen for an image.</summary>
public abstract record TargetRule
{
    private TargetRule()
    {
    }

    /// <summary>Reads a rule.</summary>
    /// <param name="text"><c>predicted</c>, <c>label</c>, <c>repredicted</c>, or one class as <see cref="ClassNames.Find"/> reads
    /// it.</param>
    /// <param name="classes">The network's.</param>
    /// <exception cref="InputException">The class is unknown or out of range; the message says what is allowed.</exception>
    public static TargetRule Parse(string text, ClassNames classes)
    {
        switch (text)
        {
            case "predicted":
                return new Predicted();
            case "repredicted":
                return new Repredicted();
            case "label":
                return new Label();
        }

        return new Fixed(classes.Find(text));
    }

    /// <summary>The target for an image.</summary>
    /// <param name="original">Logits of the trained network.</param>
    /// <param name="current">Logits of the network that is being explained.</param>
    /// <param name="label">The image's true class, or null.</param>
    /// <param name="image">The image's name, for messages.</param>
    /// <exception cref="InputException">
    /// The rule is <c>label</c>, and the image has none among the network's classes; or it asks for a prediction, and the trained network's
    /// logits are not all finite.
    /// </exception>
    public abstract int Choose(ReadOnlySpan<float> original, ReadOnlySpan<float> current, int? label, string image);

    /// <summary>The index of the largest logit, the first one of several.</summary>
    /// <returns>Null where a logit is not finite: then the network predicts nothing.</returns>
    public static int? LargestLogit(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (!float.IsFinite(logits[i]))
            {
                return null;
            }

            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    private static int Prediction(ReadOnlySpan<float> original, string image) => LargestLogit(original)
        ?? throw new InputException(
            $"The trained network predicts nothing for {image}: its logits are not finite numbers; give the target as a class.");

    /// <summary>The trained network's prediction, kept for every step.</summary>
    public sealed record Predicted : TargetRule
    {
        /// <inheritdoc/>
        public override int Choose(ReadOnlySpan<float> original, ReadOnlySpan<float> current, int? label, string image) =>
            Prediction(original, image);
    }

    /// <summary>Each network's own prediction, as the paper's code does; the trained one's where random weights make the logits
    /// overflow.</summary>
    public sealed record Repredicted : TargetRule
    {
        /// <inheritdoc/>
        public override int Choose(ReadOnlySpan<float> original, ReadOnlySpan<float> current, int? label, string image) =>
            LargestLogit(current) ?? Prediction(original, image);
    }

    /// <summary>The image's true class.</summary>
    public sealed record Label : TargetRule
    {
        /// <inheritdoc/>
        public override int Choose(ReadOnlySpan<float> original, ReadOnlySpan<float> current, int? label, string image) =>
            label is int known && known < original.Length
                ? known
                : throw new InputException($"{image} has no known class among the network's {original.Length}, but the target is 'label'; use 'predicted' or a class.");
    }

    /// <summary>One class for every image.</summary>
    /// <param name="Class">Its index.</param>
    public sealed record Fixed(int Class) : TargetRule
    {
        /// <inheritdoc/>
        public override int Choose(ReadOnlySpan<float> original, ReadOnlySpan<float> current, int? label, string image) => Class;
    }
}
