namespace SanityChecks.Compute.Cpu;

/// <summary>A tensor whose array goes back to the engine's pool when it is disposed.</summary>
internal sealed class PooledTensor(Shape shape, float[] array, BufferPool pool) : HostTensor(shape, array)
{
    private BufferPool? pool = pool;

    protected override void Dispose(bool disposing) => Interlocked.Exchange(ref pool, null)?.Return(Array);
}
