using SanityChecks.Compute;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.Networks;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Experiments.Execution;

/// <summary>Images that go through networks together, from their pixels to what explains them.</summary>
public sealed class ImageBatch : IDisposable
{
    private readonly Plan plan;
    private readonly IEngine engine;
    private readonly IReadOnlyList<ImageItem> items;
    private readonly Tensor input;

    /// <summary>Normalizes images and brings them to an engine.</summary>
    /// <param name="plan">Says which network, layer, methods and target.</param>
    /// <param name="engine">Computes.</param>
    /// <param name="images">Each as the network sees it, before normalization.</param>
    public ImageBatch(Plan plan, IEngine engine, IReadOnlyList<(ImageItem Item, RgbImage Fitted)> images)
    {
        this.plan = plan;
        this.engine = engine;
        items = [.. images.Select(image => image.Item)];
        RgbImage[] fitted = [.. images.Select(image => image.Fitted)];
        Space = new InputSpace(plan.Config.Seed, [.. items.Select(item => item.Id)], fitted, plan.Preprocessing.Normalization);
        input = plan.Preprocessing.ToTensor(fitted, engine);
    }

    /// <summary>What the inputs mean.</summary>
    public InputSpace Space { get; }

    /// <summary>Runs the network with some weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="earlier">Passes of the same batch, whose activations are taken where they are the same.</param>
    /// <exception cref="InputException">The images have another size than the network was made for, and a layer cannot take
    /// it.</exception>
    public ForwardPass Pass(Weights weights, params ReadOnlySpan<ForwardPass> earlier) => Pass(weights, plan.CamLayer, earlier);

    /// <summary>Runs the network with some weights, and stores the activation of a layer that class activation maps are to be made
    /// of.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="camLayer">The layer.</param>
    /// <param name="earlier">Passes of the same batch, whose activations are taken where they are the same.</param>
    /// <inheritdoc cref="Pass(Weights, ReadOnlySpan{ForwardPass})"/>
    public ForwardPass Pass(Weights weights, Layer camLayer, params ReadOnlySpan<ForwardPass> earlier)
    {
        ImageSize made = plan.Trained.Network.ImageSize;
        try
        {
            return ForwardPass.Run(engine, plan.Trained.Network, weights, input, camLayer, earlier);
        }
        catch (ArgumentException error) when (input.Shape[2] != made.Height || input.Shape[3] != made.Width)
        {
            // Which sizes a network takes only its layers know, and they say it when they are asked to compute.
            throw plan.Config.Fault(
                PreprocessingConfig.Key,
                $"{plan.Trained.Network.Architecture} cannot take images of [{input.Shape[2]}, {input.Shape[3]}], it was made for [{made.Height}, {made.Width}]: {error.Message}");
        }
    }

    /// <summary>The logits of each image.</summary>
    public float[][] Logits(ForwardPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        float[] logits = new float[pass.Logits.Shape.Count];
        engine.Download(pass.Logits, logits);
        return [.. logits.Chunk(logits.Length / items.Count)];
    }

    /// <summary>The class of each image whose logit is explained.</summary>
    /// <param name="trained">The trained network's logits.</param>
    /// <param name="logits">Those of the network that is explained.</param>
    public int[] Targets(float[][] trained, float[][] logits) =>
        [.. items.Select((item, n) => plan.Target.Choose(trained[n], logits[n], item.Label, item.Id))];

    /// <summary>What the plan's methods are computed from.</summary>
    /// <param name="pass">A pass of this batch.</param>
    /// <param name="targets">The class of each image.</param>
    public Explanation Explain(ForwardPass pass, IReadOnlyList<int> targets) => Explain(pass, targets, plan.CamLayer, plan.Methods);

    /// <summary>What some methods are computed from.</summary>
    /// <param name="pass">A pass of this batch that has stored the layer's activation.</param>
    /// <param name="targets">The class of each image.</param>
    /// <param name="camLayer">The layer that class activation maps are made of.</param>
    /// <param name="methods">The methods.</param>
    public Explanation Explain(
        ForwardPass pass, IReadOnlyList<int> targets, Layer camLayer, IReadOnlyCollection<ConfiguredMethod> methods) =>
        new(pass, targets, camLayer, methods, Space);

    /// <summary>Frees the images' memory on the engine.</summary>
    public void Dispose() => input.Dispose();
}
