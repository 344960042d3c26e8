namespace SanityChecks.Saliency.Similarity;

/// <summary>Arrays of a map's size, which go from map to map as long as a process lasts.</summary>
/// <remarks>The features of a batch's references are thousands of them, held until its last network is scored. The framework's shared pool
/// keeps a few dozen and drops the rest: a third of the time that comparing took was the system's, for memory that had been given back a
/// moment before.</remarks>
internal static class MapArrays
{
    /// <summary>For values.</summary>
    public static MapArrays<double> Values { get; } = new();

    /// <summary>For ranks.</summary>
    public static MapArrays<int> Ranks { get; } = new();

    /// <summary>For keys that are sorted.</summary>
    public static MapArrays<ulong> Keys { get; } = new();
}

/// <summary>Arrays of one type.</summary>
internal sealed class MapArrays<T>
    where T : unmanaged
{
    // A run's maps have few sizes. Where each file has its own, nothing is gained by keeping them all.
    private const int Lengths = 16;

    private readonly Lock access = new();
    private readonly Dictionary<int, Stack<T[]>> kept = [];

    /// <summary>An array with anything in it.</summary>
    /// <param name="length">Its length.</param>
    public T[] Rent(int length)
    {
        lock (access)
        {
            if (kept.TryGetValue(length, out Stack<T[]>? stack) && stack.TryPop(out T[]? array))
            {
                return array;
            }
        }

        return GC.AllocateUninitializedArray<T>(length);
    }

    /// <summary>Takes an array back, which nobody must use any more.</summary>
    /// <param name="array">A rented one.</param>
    public void Return(T[] array)
    {
        if (array.Length == 0)
        {
            return; // of what was given back before
        }

        lock (access)
        {
            if (!kept.TryGetValue(array.Length, out Stack<T[]>? stack))
            {
                if (kept.Count == Lengths)
                {
                    kept.Clear();
                }

                kept[array.Length] = stack = new Stack<T[]>();
            }

            stack.Push(array);
        }
    }
}
