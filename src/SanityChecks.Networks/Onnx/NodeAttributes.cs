using Onnx;

namespace SanityChecks.Networks.Onnx;

/// <summary>The attributes of a node, each asked for by name with what it is where absent.</summary>
/// <remarks>Numbers are bounded, so that no sum of them overflows.</remarks>
internal sealed class NodeAttributes(NodeProto node)
{
    private const int Largest = 1 << 16;

    private readonly Dictionary<string, AttributeProto> byName =
        node.Attribute.GroupBy(attribute => attribute.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);

    /// <summary>Whether there is one of this name.</summary>
    public bool Has(string name) => byName.ContainsKey(name);

    /// <summary>A whole number.</summary>
    public int Integer(string name, int absent = 0) =>
        byName.TryGetValue(name, out AttributeProto? attribute) ? Bounded(name, attribute.I) : absent;

    /// <summary>A number.</summary>
    public float Float(string name, float absent) => byName.TryGetValue(name, out AttributeProto? attribute) ? attribute.F : absent;

    /// <summary>A text.</summary>
    public string Text(string name, string absent) =>
        byName.TryGetValue(name, out AttributeProto? attribute) ? attribute.S.ToStringUtf8() : absent;

    /// <summary>Whole numbers; null where absent.</summary>
    public int[]? Integers(string name) => byName.TryGetValue(name, out AttributeProto? attribute)
        ? [.. attribute.Ints.Select(value => Bounded(name, value))]
        : null;

    /// <summary>Whole numbers of any size; null where absent.</summary>
    public long[]? Longs(string name) => byName.TryGetValue(name, out AttributeProto? attribute) ? [.. attribute.Ints] : null;

    /// <summary>So many numbers of one kind each.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="count">How many there must be.</param>
    /// <param name="absent">What each is where the attribute is absent.</param>
    public int[] Integers(string name, int count, int absent)
    {
        int[] values = Integers(name) ?? [.. Enumerable.Repeat(absent, count)];
        return values.Length == count
            ? values
            : throw new UnsupportedNodeException($"its {name} has {values.Length} values; {count}, for images, are supported");
    }

    /// <summary>A tensor; null where absent.</summary>
    public TensorProto? Tensor(string name) => byName.TryGetValue(name, out AttributeProto? attribute) ? attribute.T : null;

    /// <summary>Floats; null where absent.</summary>
    public float[]? Floats(string name) => byName.TryGetValue(name, out AttributeProto? attribute) ? [.. attribute.Floats] : null;

    /// <summary>Refuses another value of a whole number than one.</summary>
    public void RequireInteger(string name, int only, int absent)
    {
        int value = Integer(name, absent);
        if (value != only)
        {
            throw new UnsupportedNodeException($"{name} {value}; {only} is supported");
        }
    }

    private static int Bounded(string name, long value) => value is >= -Largest and <= Largest
        ? (int)value
        : throw new UnsupportedNodeException($"{name} {value}; numbers up to {Largest} are supported");
}
