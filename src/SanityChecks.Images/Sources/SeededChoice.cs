using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SanityChecks.Images.Sources;

/// <summary>A choice that is the same on every machine: it depends on the seed and the names, not on an order or a library's random
/// numbers.</summary>
/// <remarks>
/// The rank of a name is the first 8 bytes, as a big-endian number, of the SHA-256 of the text <c>SEED/NAME</c> in UTF-8; the lowest ranks
/// are taken. So a larger count keeps what a smaller one took, and another file in the folder displaces one choice at most.
/// </remarks>
public static class SeededChoice
{
    /// <summary>The rank of a name.</summary>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="name">A file's name or a WordNet id.</param>
    public static ulong Rank(ulong seed, string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{name}"));
        return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(text));
    }

    /// <summary>The items in the order of their ranks; equal names keep the order in which they are given.</summary>
    /// <param name="items">In an order that is the same on every machine.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="name">What is ranked of an item.</param>
    public static IEnumerable<T> Order<T>(IEnumerable<T> items, ulong seed, Func<T, string> name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return items.OrderBy(item => Rank(seed, name(item)));
    }
}
