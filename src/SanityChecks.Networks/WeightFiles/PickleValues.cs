using System.Globalization;

namespace SanityChecks.Networks.WeightFiles;

// What a pickle of weights can be made of. Besides these: null, bool, long, double, string, object?[] (a tuple) and List<object?>.

/// <summary>One block of elements in the file, not read yet.</summary>
/// <param name="Key">Its name in the archive or in the list of the legacy stream.</param>
/// <param name="Type">How an element is stored.</param>
/// <param name="Count">Elements in the whole block.</param>
/// <param name="ViewOffset">First element of the part that is meant: old streams can name a part of a block.</param>
/// <param name="ViewCount">Elements of that part.</param>
internal sealed record StorageReference(string Key, DType Type, long Count, long ViewOffset, long ViewCount);

/// <summary>A strided view of a storage, not read yet; strides and offset count elements.</summary>
internal sealed record TensorReference(StorageReference Storage, long Offset, int[] Sizes, long[] Strides)
{
    /// <summary>Elements of the view.</summary>
    public long Count => Sizes.Aggregate(1L, (count, size) => count * size);

    /// <summary>A text that is equal exactly for equal views of the same storage.</summary>
    public string Region =>
        string.Create(CultureInfo.InvariantCulture, $"{Storage.ViewOffset + Offset}:{string.Join(',', Sizes)}:{string.Join(',', Strides)}");
}

/// <summary>A dict or OrderedDict: pairs in order; like Python's, a repeated key keeps its place and takes the last value.</summary>
internal sealed class PickleDict
{
    /// <summary>The pairs as the pickle set them.</summary>
    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    /// <summary>The last value set under a text key, or null.</summary>
    public object? Find(string key) => Items.FindLast(item => item.Key is string text && text == key).Value;
}

/// <summary>A class or function that checkpoints name beside the weights, by its name alone: nothing of it is ever run.</summary>
internal sealed record InertGlobal(string Name);

/// <summary>What stands for an object of such a class: it takes any arguments, items and state, keeps none, and is no tensor.</summary>
internal sealed record InertValue(string Type);
