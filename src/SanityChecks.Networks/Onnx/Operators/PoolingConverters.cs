using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>MaxPool, AveragePool, GlobalAveragePool, GlobalMaxPool, and ReduceMean over rows and columns.</summary>
internal static class PoolingConverters
{
    /// <summary>Maximum pooling.</summary>
    public static GraphValue Maximum(NodeImport node)
    {
        node.RequireOneOutput();
        node.Attributes.RequireInteger("storage_order", 0, 0);
        GraphValue input = node.Planes(0);
        PoolingGeometry geometry = Geometry(node, input, countPadding: false);
        return node.Add(new MaxPoolOperation(geometry), Output(geometry, input), [], input);
    }

    /// <summary>Average pooling; a window as large as the image is the global average.</summary>
    public static GraphValue Average(NodeImport node)
    {
        GraphValue input = node.Planes(0);
        PoolingGeometry geometry = Geometry(node, input, node.Attributes.Integer("count_include_pad") != 0);
        IReadOnlyList<int> axes = Output(geometry, input);
        return geometry.Y is { PaddingBefore: 0, PaddingAfter: 0 } && geometry.X is { PaddingBefore: 0, PaddingAfter: 0 }
            && input.Stored[1] == geometry.Y.Kernel && input.Stored[2] == geometry.X.Kernel
            ? node.Add(new AdaptiveAveragePoolOperation(1, 1), axes, [], input)
            : node.Add(new AveragePoolOperation(geometry), axes, [], input);
    }

    /// <summary>The mean over all places.</summary>
    public static GraphValue GlobalAverage(NodeImport node)
    {
        GraphValue input = node.Planes(0);
        return node.Add(new AdaptiveAveragePoolOperation(1, 1), [input.Stored[0], 1, 1], [], input);
    }

    /// <summary>The maximum over all places.</summary>
    public static GraphValue GlobalMaximum(NodeImport node)
    {
        GraphValue input = node.Planes(0);
        var geometry = new PoolingGeometry(new PoolingAxis(input.Stored[1], 1), new PoolingAxis(input.Stored[2], 1));
        return node.Add(new MaxPoolOperation(geometry), [input.Stored[0], 1, 1], [], input);
    }

    /// <summary>The mean over all places, where the axes are exactly rows and columns.</summary>
    public static GraphValue ReduceMean(NodeImport node)
    {
        GraphValue input = node.Viewed(0);
        int rank = input.Axes.Count + 1;
        long[]? given = node.Attributes.Longs("axes") ?? node.OptionalConstant(1, "axes")?.RequireIntegers("axes");
        long[] axes = [.. (given ?? []).Select(axis => axis < 0 ? axis + rank : axis).Order()];
        int[] stored = [.. axes.Where(axis => axis > 0 && axis < rank)
            .Select(axis => input.Order is { } order ? order[(int)axis - 1] : (int)axis - 1).Order()];
        if (input.Stored.Count != 3 || stored is not [1, 2] || axes.Length != 2)
        {
            throw new UnsupportedNodeException(
                $"a mean of {input.Description} over the axes {(given is null ? "all" : $"[{string.Join(", ", given)}]")}; rows and columns of [N, C, H, W] are supported",
                ofShapes: true);
        }

        int channels = input.Stored[0];
        GraphValue seen = GraphValue.Of(input.Layer!, input.Stored);
        GraphValue means = node.Add(new AdaptiveAveragePoolOperation(1, 1), [channels, 1, 1], [], seen);
        return node.Attributes.Integer("keepdims", 1) != 0
            ? GraphValue.Of(means.Layer!, means.Stored, input.Order)
            : node.AddPart("/flatten", new FlattenOperation(), [channels], means);
    }

    private static PoolingGeometry Geometry(NodeImport node, GraphValue input, bool countPadding)
    {
        Window window = Window.Of(node, null);
        window.RequireNoDilation();
        ((int Begin, int End) rows, (int Begin, int End) columns) = window.Padding(input.Stored);
        if (Math.Max(rows.Begin, rows.End) >= window.Kernel[0] || Math.Max(columns.Begin, columns.End) >= window.Kernel[1])
        {
            throw new UnsupportedNodeException("a padding as large as the window; less is supported");
        }

        return new PoolingGeometry(
            new PoolingAxis(window.Kernel[0], window.Strides[0], rows.Begin, rows.End),
            new PoolingAxis(window.Kernel[1], window.Strides[1], columns.Begin, columns.End),
            node.Attributes.Integer("ceil_mode") != 0, countPadding);
    }

    private static IReadOnlyList<int> Output(PoolingGeometry geometry, GraphValue input) =>
        geometry.OutputShape(new Shape([1, .. input.Stored])).Axes[1..].ToArray();
}
