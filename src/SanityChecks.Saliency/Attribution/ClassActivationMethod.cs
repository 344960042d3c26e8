using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Saliency.Attribution;

/// <summary>A method that combines the channels of one layer, and mostly their gradients, into a map of the layer's size.</summary>
/// <remarks>
/// The layer is the one that Grad-CAM reads. Sums are made in double precision on the host, where a layer of 512 channels of 14 x 14 is
/// small. The positive part of the map is enlarged bilinearly with half-pixel centers, as Grad-CAM's is; a value that is not finite stays
/// so.
/// </remarks>
public abstract class ClassActivationMethod : AttributionMethod
{
    private readonly bool readsGradient;

    /// <summary>Says what lists show; see <see cref="AttributionMethod"/>.</summary>
    /// <param name="name">The name in configurations.</param>
    /// <param name="title">The name as the literature writes it.</param>
    /// <param name="source">The paper that defines it.</param>
    /// <param name="description">What its map is.</param>
    /// <param name="readsGradient">Whether it reads gradients: one that does not shows no class, and changes only with the layers at and
    /// below its own.</param>
    protected ClassActivationMethod(string name, string title, string source, string description, bool readsGradient = true)
        : base(name, title, source, MethodFamily.ClassActivation, description, signed: false, showsClass: readsGradient) =>
        this.readsGradient = readsGradient;

    /// <inheritdoc/>
    public override IEnumerable<(BackwardRule Rule, Layer Layer)> Gradients(Network network, Layer camLayer) =>
        readsGradient ? [(BackwardRule.Derivative, camLayer)] : [];

    /// <inheritdoc/>
    public override Tensor Compute(Explanation explanation, ConfiguredMethod configured)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(configured);
        Tensor activation = explanation.Activation(explanation.CamLayer);
        Shape shape = activation.Shape;
        int channels = shape[1], positions = shape[2] * shape[3], size = channels * positions;
        float[] activations = new float[shape.Count], gradients = readsGradient ? new float[shape.Count] : [];
        explanation.Engine.Download(activation, activations);
        if (readsGradient)
        {
            explanation.Engine.Download(explanation.Gradient(BackwardRule.Derivative, explanation.CamLayer), gradients);
        }

        float[] maps = new float[shape[0] * positions];
        Parallel.For(0, shape[0], n =>
        {
            double[] map = new double[positions];
            Combine(
                new LayerChannels(activations.AsSpan(n * size, size), readsGradient ? gradients.AsSpan(n * size, size) : [], positions),
                configured, map);
            for (int i = 0; i < positions; i++)
            {
                maps[(n * positions) + i] = (float)Math.Max(map[i], 0);
            }
        });
        using Tensor small = explanation.Engine.Upload(new Shape(shape[0], 1, shape[2], shape[3]), maps);
        (int height, int width) = explanation.InputSize;
        return explanation.Keep(explanation.Engine.ResizeBilinear(small, height, width));
    }

    /// <summary>Makes one image's map, of which the positive part is shown.</summary>
    /// <param name="layer">The layer's channels for the image.</param>
    /// <param name="configured">This method with the values of its parameters.</param>
    /// <param name="map">Zeros, one for each position; gets the map.</param>
    protected abstract void Combine(LayerChannels layer, ConfiguredMethod configured, Span<double> map);
}

/// <summary>The channels of a layer for one image, and the gradient of the target's logit at them.</summary>
/// <param name="activations">[channels, positions].</param>
/// <param name="gradients">The same; empty where the method reads none.</param>
/// <param name="positions">Rows times columns.</param>
public readonly ref struct LayerChannels(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int positions)
{
    private readonly ReadOnlySpan<float> activations = activations;
    private readonly ReadOnlySpan<float> gradients = gradients;

    /// <summary>Rows times columns.</summary>
    public int Positions { get; } = positions;

    /// <summary>How many channels there are.</summary>
    public int Count => activations.Length / Positions;

    /// <summary>A channel's activation.</summary>
    public ReadOnlySpan<float> Activation(int channel) => activations.Slice(channel * Positions, Positions);

    /// <summary>The gradient at a channel.</summary>
    public ReadOnlySpan<float> Gradient(int channel) => gradients.Slice(channel * Positions, Positions);

    /// <summary>Adds a channel's activation times a weight to a map.</summary>
    public void Add(int channel, double weight, Span<double> map)
    {
        ReadOnlySpan<float> activation = Activation(channel);
        for (int i = 0; i < map.Length; i++)
        {
            map[i] += weight * activation[i];
        }
    }
}
