using SanityChecks.Compute;

namespace SanityChecks.Networks.Onnx;

/// <summary>What a name of the graph stands for: a constant, or a layer's output for a batch of images.</summary>
/// <remarks>A layer's output may be seen with its axes in another order, so that a transposition to and from [N, H, W, C] costs
/// nothing.</remarks>
internal sealed record GraphValue
{
    private GraphValue()
    {
    }

    /// <summary>The constant; null for a layer's output.</summary>
    public Constant? Constant { get; private init; }

    /// <summary>The layer; null for a constant.</summary>
    public Layer? Layer { get; private init; }

    /// <summary>The sizes of the layer's axes behind the batch, as it stores them: [C, H, W] or [F].</summary>
    public IReadOnlyList<int> Stored { get; private init; } = [];

    /// <summary>For each axis behind the batch that the graph sees, the stored one, from 0; null where they are the same.</summary>
    public IReadOnlyList<int>? Order { get; private init; }

    /// <summary>Whether an unsupported node lies on the way, so that the shape is a guess.</summary>
    public bool IsGuess { get; init; }

    /// <summary>The sizes of the axes behind the batch in the order that the graph sees.</summary>
    public IReadOnlyList<int> Axes => Order is null ? Stored : [.. Order.Select(axis => Stored[axis])];

    /// <summary>Values of an image.</summary>
    public long Count => Stored.Aggregate(1L, (product, axis) => checked(product * axis));

    /// <summary>Whether it is [C, H, W] for each image, with more than one place.</summary>
    public bool IsSpatial => Stored.Count == 3 && (long)Stored[1] * Stored[2] > 1;

    /// <summary>The axes as an error shows them.</summary>
    public string Description => Constant is { } constant ? $"a constant {constant.Shape}" : $"[{string.Join(", ", Axes.Prepend(-1).Select(
        (axis, i) => i == 0 ? "N" : axis.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";

    /// <summary>A constant.</summary>
    public static GraphValue Of(Constant constant) => new() { Constant = constant };

    /// <summary>Floats.</summary>
    public static GraphValue Of(HostTensor floats) => Of(new Constant(floats));

    /// <summary>A layer's output.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="stored">Its axes behind the batch.</param>
    /// <param name="order">The order in which the graph sees them; null for the layer's own.</param>
    public static GraphValue Of(Layer layer, IReadOnlyList<int> stored, IReadOnlyList<int>? order = null) => new()
    {
        Layer = layer,
        Stored = stored,
        Order = order is null || order.Select((axis, i) => axis == i).All(same => same) ? null : order,
    };

    /// <summary>Another layer's output of the same axes, seen in the same order.</summary>
    public GraphValue From(Layer layer) => this with { Layer = layer };
}
