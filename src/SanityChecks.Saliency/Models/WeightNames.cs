using SanityChecks.Compute;
using SanityChecks.Saliency.Models.WeightFiles;

namespace SanityChecks.Saliency.Models;

/// <summary>Matches the tensors of a weight file with those that a network needs.</summary>
public static class WeightNames
{
    private const int Listed = 8;

    // What torch.nn.DataParallel puts before every name.
    private const string ParallelPrefix = "module.";

    /// <summary>The weights under exactly the names that the network expects, or one error that says everything that differs.</summary>
    /// <param name="expected">Every tensor that the network has.</param>
    /// <param name="weights">What was loaded; a prefix <c>module.</c> that every name carries is taken off.</param>
    /// <param name="path">The weight file, for the message.</param>
    /// <returns>Weights with the expected names and shapes, in the expected order, sharing every tensor.</returns>
    /// <exception cref="WeightFileException">
    /// Tensors are missing, left over, or of another shape. The message lists all three kinds, eight of each and the number of the others.
    /// </exception>
    public static Weights Check(IReadOnlyList<(string Name, Shape Shape)> expected, Weights weights, string path = "weights")
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(weights);
        Weights found = WithoutParallelPrefix(weights);
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
        string[] faults = [.. new[] { Line("missing", missing, ", "), Line("left over", leftOver, ", "), Line("of another shape", differing, "; ") }.OfType<string>()];
        if (faults.Length > 0)
        {
            throw new WeightFileException(path, $"the weights are not this network's ({expected.Count} tensors): " + string.Join("; ", faults));
        }

        return new Weights(expected.Select(one => KeyValuePair.Create(one.Name, found[one.Name])));
    }

    /// <summary>The weights without the <c>module.</c> that torch.nn.DataParallel puts before every name; the same object where it did not.</summary>
    public static Weights WithoutParallelPrefix(Weights weights) =>
        weights.Count > 0 && weights.Names.All(name => name.StartsWith(ParallelPrefix, StringComparison.Ordinal))
            ? new Weights(weights.Select(one => KeyValuePair.Create(one.Key[ParallelPrefix.Length..], one.Value)))
            : weights;

    private static string? Line(string what, List<string> items, string separator) => items.Count == 0
        ? null
        : $"{items.Count} {what}: {string.Join(separator, items.Take(Listed))}{(items.Count > Listed ? $" and {items.Count - Listed} more" : "")}";
}
