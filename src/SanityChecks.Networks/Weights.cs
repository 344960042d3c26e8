using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using SanityChecks.Compute;

namespace SanityChecks.Networks;

/// <summary>What a network has learned: an immutable map from tensor names to tensors, in the order of the weight file.</summary>
/// <remarks>Thread safe. A tensor's identity is a cache key, so <see cref="With"/> keeps every untouched tensor the same object.</remarks>
public sealed class Weights : IEnumerable<KeyValuePair<string, HostTensor>>
{
    private readonly string[] names;
    private readonly Dictionary<string, HostTensor> tensors;

    /// <summary>Collects tensors under their names.</summary>
    /// <param name="tensors">Names (compared ordinally) and tensors; their order is kept.</param>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public Weights(IEnumerable<KeyValuePair<string, HostTensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var order = new List<string>();
        this.tensors = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach ((string name, HostTensor tensor) in tensors)
        {
            if (!this.tensors.TryAdd(name, tensor))
            {
                throw new ArgumentException($"The tensor '{name}' is given twice.", nameof(tensors));
            }

            order.Add(name);
        }

        names = [.. order];
    }

    private Weights(string[] names, Dictionary<string, HostTensor> tensors)
    {
        this.names = names;
        this.tensors = tensors;
    }

    /// <summary>The names in the order of the file.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The number of tensors.</summary>
    public int Count => names.Length;

    /// <summary>A name for the values: hexadecimal, the same on every machine. Of each tensor the first 16 values count, which tell one
    /// that was drawn anew from the one before.</summary>
    public string Fingerprint
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (string name in names)
            {
                ReadOnlySpan<float> values = tensors[name].Values;
                hash.AppendData(Encoding.UTF8.GetBytes(name));
                foreach (float value in values[..Math.Min(values.Length, 16)])
                {
                    hash.AppendData(BitConverter.GetBytes(value));
                }
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        }
    }

    /// <summary>The tensor of that name.</summary>
    /// <param name="name">A tensor's name, as in the file: <c>classifier.6.weight</c>.</param>
    /// <exception cref="KeyNotFoundException">No tensor has that name.</exception>
    public HostTensor this[string name] =>
        tensors.TryGetValue(name, out HostTensor? tensor)
            ? tensor
            : throw new KeyNotFoundException($"There is no tensor '{name}' among the {Count} weights.");

    /// <summary>Finds a tensor by name.</summary>
    /// <param name="name">A tensor's name.</param>
    /// <param name="tensor">The tensor, or null.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out HostTensor? tensor) => tensors.TryGetValue(name, out tensor);

    /// <summary>The same weights with some tensors replaced; this object stays as it is.</summary>
    /// <param name="replaced">New tensors by name, each of the shape of the one it replaces.</param>
    /// <returns>Weights in the same order, sharing every tensor that is not replaced; this very object when nothing is.</returns>
    /// <exception cref="ArgumentException">A name is unknown here, or a shape differs.</exception>
    public Weights With(IReadOnlyDictionary<string, HostTensor> replaced)
    {
        ArgumentNullException.ThrowIfNull(replaced);
        if (replaced.Count == 0)
        {
            return this;
        }

        var result = new Dictionary<string, HostTensor>(tensors, StringComparer.Ordinal);
        foreach ((string name, HostTensor tensor) in replaced)
        {
            if (!tensors.TryGetValue(name, out HostTensor? old))
            {
                throw new ArgumentException($"There is no tensor '{name}' to replace.", nameof(replaced));
            }

            if (old.Shape != tensor.Shape)
            {
                throw new ArgumentException(
                    $"The tensor '{name}' has the shape {old.Shape}, its replacement {tensor.Shape}.", nameof(replaced));
            }

            result[name] = tensor;
        }

        return new Weights(names, result);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, HostTensor>> GetEnumerator() =>
        names.Select(name => KeyValuePair.Create(name, tensors[name])).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
