using SanityChecks.Compute;
using SanityChecks.Networks.WeightFiles;

namespace SanityChecks.Networks;

/// <summary>Matches the tensors of a weight file with those that a network needs.</summary>
public static class WeightNames
{
    private const int Listed = 8;

    // What torch.nn.DataParallel and torch.compile put between the names of the part that they wrap and of its own parts.
    private static readonly string[] WrapperParts = ["module", "_orig_mod"];

    /// <summary>The weights under exactly the names that the network expects, or one error that says everything that differs.</summary>
    /// <param name="expected">Every tensor that the network has.</param>
    /// <param name="weights">What was loaded; what wrappers put into the names is taken out (<see cref="Unwrapped"/>).</param>
    /// <param name="path">The weight file, for the message.</param>
    /// <returns>Weights with the expected names and shapes, in the expected order, sharing every tensor.</returns>
    /// <exception cref="WeightFileException">
    /// Tensors are missing, left over, or of another shape. The message lists all three kinds, eight of each and the number of the others.
    /// </exception>
    public static Weights Check(IReadOnlyList<(string Name, Shape Shape)> expected, Weights weights, string path = "weights")
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(weights);
        Weights found = Unwrapped(weights, expected.Select(one => one.Name).ToHashSet(StringComparer.Ordinal));
        var missing = new List<string>();
        var differing = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, Shape shape) in expected)
        {
            known.Add(name);
            if (!found.TryGet(name, out HostTensor? tensor))
            {
                missing.Add(name);
            }
            else if (tensor.Shape != shape)
            {
                differing.Add($"{name} expected {shape}, found {tensor.Shape}");
            }
        }

        List<string> leftOver = [.. found.Names.Where(name => !known.Contains(name))];
        string[] faults =
            [.. new[] { Line("missing", missing, ", "), Line("left over", leftOver, ", "),
                Line("of another shape", differing, "; ") }.OfType<string>()];
        if (faults.Length > 0)
        {
            throw new WeightFileException(
                path, $"the weights are not this network's ({expected.Count} tensors): " + string.Join("; ", faults));
        }

        return new Weights(expected.Select(one => KeyValuePair.Create(one.Name, found[one.Name])));
    }

    /// <summary>The weights without what wrappers put into their names; the same object where no wrapper did.</summary>
    /// <param name="weights">What was loaded.</param>
    /// <param name="expected">The names that the network has, whatever its widths.</param>
    /// <remarks>
    /// <c>module</c> (torch.nn.DataParallel, around the whole model or around a part such as VGG's features) and <c>_orig_mod</c>
    /// (torch.compile) go where all names of the model or of the part have them. Then a first part that all names share, and none of the
    /// network's begins with, goes too: a trainer that holds the network as <c>model</c> or <c>net</c>
    /// writes it before every name.
    /// </remarks>
    public static Weights Unwrapped(Weights weights, IReadOnlySet<string> expected)
    {
        ArgumentNullException.ThrowIfNull(weights);
        string[] names = [.. weights.Names];
        while (names.Select(Wrapper).Distinct().FirstOrDefault(found => found is { } wrapper && WrapsAll(names, wrapper)) is { } wrapper)
        {
            names = Array.ConvertAll(
                names, name => name.StartsWith(wrapper.Parent + wrapper.Part, StringComparison.Ordinal)
                    ? wrapper.Parent + name[(wrapper.Parent + wrapper.Part).Length..]
                    : name);
        }

        string[] shorter = names;
        while (shorter.Length > 0 && shorter[0].IndexOf('.') is > 0 and int dot && shorter[0][..(dot + 1)] is { } first
            && shorter.All(name => name.StartsWith(first, StringComparison.Ordinal))
                && !expected.Any(name => name.StartsWith(first, StringComparison.Ordinal)))
        {
            shorter = Array.ConvertAll(shorter, name => name[first.Length..]);
        }

        // Names of another network stay as they are, so that the error shows them as the file has them.
        names = shorter.Any(expected.Contains) ? shorter : names;

        // Two wrapped models in one file would fall together.
        return names.SequenceEqual(weights.Names) || names.Distinct(StringComparer.Ordinal).Count() < names.Length
            ? weights
            : new Weights(names.Zip(weights, (name, one) => KeyValuePair.Create(name, one.Value)));
    }

    // The first wrapper in a name: what stands before it, and its own part with the dot.
    private static (string Parent, string Part)? Wrapper(string name)
    {
        string[] parts = name.Split('.');
        int at = Array.FindIndex(parts, 0, parts.Length - 1, part => WrapperParts.Contains(part));
        return at < 0 ? null : (string.Concat(parts.Take(at).Select(part => part + ".")), parts[at] + ".");
    }

    private static bool WrapsAll(string[] names, (string Parent, string Part) wrapper) => names
        .Where(name => name.StartsWith(wrapper.Parent, StringComparison.Ordinal))
        .All(name => name.AsSpan(wrapper.Parent.Length).StartsWith(wrapper.Part, StringComparison.Ordinal));

    private static string? Line(string what, List<string> items, string separator) => items.Count == 0
        ? null
        : $"{items.Count} {what}: {string.Join(separator, items.Take(Listed))}{(items.Count > Listed ? $" and {items.Count - Listed} more" : "")}";
}
