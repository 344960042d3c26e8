using SanityChecks.Compute;
using SanityChecks.Images;

namespace SanityChecks.Saliency.Attribution;

/// <summary>What the values of a batch's inputs mean, for methods that change them: the images behind them, and the random numbers that
/// belong to each.</summary>
/// <param name="seed">The experiment's seed.</param>
/// <param name="ids">The images' ids, in the order of the batch.</param>
/// <param name="fitted">The images as the network sees them, before they are normalized.</param>
/// <param name="normalization">Turns their bytes into values.</param>
public sealed class InputSpace(ulong seed, IReadOnlyList<string> ids, IReadOnlyList<RgbImage> fitted, Normalization normalization)
{
    /// <summary>Random numbers of one image and method: the same at every randomization step, whatever the batch, and of no use to anything
    /// else.</summary>
    /// <param name="image">Its place in the batch.</param>
    /// <param name="method">Whose they are; the same method under two names has two streams.</param>
    public RandomStream Stream(int image, ConfiguredMethod method) => Stream(image, method.Id);

    /// <summary>Random numbers of one image for methods that share them.</summary>
    /// <param name="image">Its place in the batch.</param>
    /// <param name="owner">Whose they are.</param>
    public RandomStream Stream(int image, string owner) => new(seed, 0, $"attribution/{owner}/{ids[image]}");

    /// <summary>The value that a byte of a channel has in one image; each image's own where the normalization goes by its
    /// extremes.</summary>
    /// <param name="image">Its place in the batch.</param>
    /// <param name="channel">From 0, in the order of the input.</param>
    /// <param name="value">0 is black, 255 white.</param>
    public float Value(int image, int channel, byte value) => normalization.Value(fitted[image], channel, value);
}
