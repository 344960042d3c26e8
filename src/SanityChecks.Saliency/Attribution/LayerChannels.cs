namespace SanityChecks.Saliency.Attribution;

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
