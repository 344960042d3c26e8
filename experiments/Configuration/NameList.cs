using System.Collections;
using System.Runtime.CompilerServices;

namespace SanityChecks.Experiments.Configuration;

/// <summary>An immutable list of names that equals another when the names and their order are equal; a record that holds it stays a
/// value.</summary>
[CollectionBuilder(typeof(NameList), nameof(Create))]
public sealed class NameList : IReadOnlyList<string>, IEquatable<NameList>
{
    private readonly string[] names;

    private NameList(string[] names) => this.names = names;

    /// <inheritdoc/>
    public int Count => names.Length;

    /// <inheritdoc/>
    public string this[int index] => names[index];

    /// <summary>Copies the names.</summary>
    /// <param name="names">Any number of them, in their order.</param>
    public static NameList Create(ReadOnlySpan<string> names) => new(names.ToArray());

    /// <inheritdoc/>
    public bool Equals(NameList? other) => other is not null && names.AsSpan().SequenceEqual(other.names);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NameList);

    /// <inheritdoc/>
    public override int GetHashCode() => names.Aggregate(names.Length, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => names.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The names between brackets.</summary>
    public override string ToString() => $"[{string.Join(", ", names)}]";
}
