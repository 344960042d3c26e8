using System.Collections.Concurrent;

namespace SanityChecks.Compute.Cpu;

/// <summary>Keeps the arrays of disposed activations for the next tensor of the same length, so that a run allocates each once.</summary>
/// <remarks>
/// Exact lengths, since a network asks for the same ones at every step. Returned arrays hold
/// old values.
/// </remarks>
internal sealed class BufferPool
{
    private readonly ConcurrentDictionary<int, ConcurrentBag<float[]>> free = new();

    public float[] Rent(int length) =>
        free.TryGetValue(length, out ConcurrentBag<float[]>? bag) && bag.TryTake(out float[]? array)
            ? array
            : GC.AllocateUninitializedArray<float>(length);

    public void Return(float[] array) => free.GetOrAdd(array.Length, _ => []).Add(array);

    /// <summary>Forgets the free arrays, so that the collector can have them.</summary>
    public void Clear() => free.Clear();
}
