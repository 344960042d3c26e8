namespace SanityChecks.Networks.Onnx.Operators;

/// <summary>The attributes that convolutions and poolings share: where windows lie on an image.</summary>
/// <param name="Kernel">Rows and columns of a window.</param>
/// <param name="Strides">Between two windows.</param>
/// <param name="Dilations">Between two elements of a window.</param>
internal sealed record Window(int[] Kernel, int[] Strides, int[] Dilations)
{
    /// <summary>Rows and columns before the image, then behind it; unless <see cref="Automatic"/> says otherwise.</summary>
    public int[] Pads { get; private init; } = [0, 0, 0, 0];

    /// <summary>SAME_UPPER, SAME_LOWER or VALID; NOTSET for the given padding.</summary>
    public string Automatic { get; private init; } = "NOTSET";

    /// <summary>Reads the attributes of a node.</summary>
    /// <param name="node">Conv, MaxPool or AveragePool.</param>
    /// <param name="kernel">Rows and columns where the node need not name them; null where it must.</param>
    public static Window Of(NodeImport node, int[]? kernel)
    {
        NodeAttributes attributes = node.Attributes;
        int[] given = attributes.Integers("kernel_shape") ?? kernel
            ?? throw new UnsupportedNodeException("it has no kernel_shape");
        if (given.Length != 2 || (kernel is not null && !given.SequenceEqual(kernel)))
        {
            throw new UnsupportedNodeException($"kernel_shape [{string.Join(", ", given)}]; two numbers, for images, are supported");
        }

        var window = new Window(given, attributes.Integers("strides", 2, 1), attributes.Integers("dilations", 2, 1))
        {
            Automatic = attributes.Text("auto_pad", "NOTSET"),
            Pads = attributes.Integers("pads", 4, 0),
        };
        return window.Kernel.Concat(window.Strides).Concat(window.Dilations).All(value => value >= 1) && window.Pads.All(pad => pad >= 0)
            ? window
            : throw new UnsupportedNodeException("windows and strides are at least 1, and pads at least 0");
    }

    /// <summary>Rows, then columns, before and behind an image.</summary>
    /// <param name="planes">[C, H, W].</param>
    public ((int Begin, int End) Rows, (int Begin, int End) Columns) Padding(IReadOnlyList<int> planes) =>
        (Padding(planes[1], 0), Padding(planes[2], 1));

    /// <summary>The same for zeros that count as any other value: what is behind made equal to what is before where no window reaches
    /// there.</summary>
    /// <param name="planes">[C, H, W].</param>
    public ((int Begin, int End) Rows, (int Begin, int End) Columns) EvenPadding(IReadOnlyList<int> planes)
    {
        return (Even(0), Even(1));

        (int Begin, int End) Even(int axis)
        {
            (int begin, int end) = Padding(planes[axis + 1], axis);
            int rest = planes[axis + 1] + begin - Extent(axis);
            return (rest + begin) / Strides[axis] == (rest + end) / Strides[axis] && rest + Math.Min(begin, end) >= 0
                ? (begin, begin)
                : (begin, end);
        }
    }

    /// <summary>Refuses dilation.</summary>
    public void RequireNoDilation()
    {
        if (Dilations.Any(dilation => dilation != 1))
        {
            throw new UnsupportedNodeException($"dilations [{string.Join(", ", Dilations)}]; [1, 1] is supported");
        }
    }

    private int Extent(int axis) => ((Kernel[axis] - 1) * Dilations[axis]) + 1;

    private (int Begin, int End) Padding(int length, int axis)
    {
        int stride = Strides[axis];
        switch (Automatic)
        {
            case "SAME_UPPER" or "SAME_LOWER":
                int total = Math.Max(0, ((((length + stride - 1) / stride) - 1) * stride) + Extent(axis) - length), half = total / 2;
                return Automatic == "SAME_UPPER" ? (half, total - half) : (total - half, half);
            case "VALID":
                return (0, 0);
            case "NOTSET" or "":
                return (Pads[axis], Pads[axis + 2]);
            default:
                throw new UnsupportedNodeException($"auto_pad {Automatic}; NOTSET, SAME_UPPER, SAME_LOWER and VALID are supported");
        }
    }
}
