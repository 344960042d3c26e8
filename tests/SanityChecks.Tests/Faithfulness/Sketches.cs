using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;
using SanityChecks.Saliency;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Saliency.Similarity;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Faithfulness;

/// <summary>Networks of which a hand finds every answer, and their explanations.</summary>
internal static class Sketches
{
    /// <summary>Two logits: the weighted sum of all values of an image, and 0.</summary>
    public static (Network Network, Weights Weights) Linear(Shape image, params ReadOnlySpan<float> weights)
    {
        var sketch = new GraphSketch();
        Layer flat = sketch.Add("flatten", new FlattenOperation(), sketch.Input);
        sketch.Add("fc", new LinearOperation(new Shape(2, (int)image.Count)), flat);
        return (sketch.Build(flat), new Weights(new Dictionary<string, HostTensor>
        {
            ["fc.weight"] = new HostTensor(new Shape(2, (int)image.Count), [.. weights, .. new float[image.Count]]),
            ["fc.bias"] = new HostTensor(new Shape(2), new float[2]),
        }));
    }

    /// <summary>Scores of maps, [N, H, W] one after another, for the first class; black is -0.5.</summary>
    public static SimilarityScore[] Scores(
        (Network Network, Weights Weights) of, HostTensor images, float[] maps, ConfiguredFaithfulness measure, int together = 3,
        int[]? targets = null, string engine = "cpu")
    {
        using IEngine used = Engines.Create(engine);
        using Tensor inputs = used.Upload(images.Shape, images.Values);
        using ForwardPass pass = ForwardPass.Run(used, of.Network, of.Weights, inputs);
        using Explanation explanation = Explained(pass, targets ?? new int[images.Shape[0]]);
        return FaithfulnessScores.Of(explanation, Maps(images.Shape, maps), measure, together);
    }

    public static SaliencyMap[] Maps(Shape images, float[] maps) =>
        [.. maps.Chunk(images[2] * images[3]).Select(map => new SaliencyMap(new Shape(images[2], images[3]), map))];

    /// <summary>Images are called by their first value.</summary>
    public static Explanation Explained(ForwardPass pass, int[] targets)
    {
        Tensor images = pass[pass.Network.Input];
        (int channels, int height, int width) = (images.Shape[1], images.Shape[2], images.Shape[3]);
        string[] ids =
        [
            .. SmallNetworks.Download(pass.Engine, images).Chunk(channels * height * width)
                .Select(image => FormattableString.Invariant($"{image[0]}")),
        ];
        var normalization = new Normalization(PixelRange.ToOne, [0.5f], [1], channels == 1 ? ChannelOrder.Gray : ChannelOrder.Rgb);
        var space = new InputSpace(
            1, ids, [.. ids.Select(_ => new RgbImage(width, height, new byte[3 * height * width]))], normalization);
        return new Explanation(pass, targets, pass.Network.Explained, [], space);
    }

    /// <summary>A measure with parameters, <c>steps=4</c>; lists with spaces between.</summary>
    public static ConfiguredFaithfulness With(FaithfulnessMeasure measure, params ReadOnlySpan<string> values)
    {
        var given = new Dictionary<string, IReadOnlyList<string>>();
        foreach (string value in values)
        {
            given[value.Split('=')[0]] = value.Split('=')[1].Split(' ');
        }

        return ConfiguredFaithfulness.Of(measure, given);
    }
}
