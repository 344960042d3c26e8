namespace SanityChecks.Compute;

/// <summary>An immutable array of 32-bit floats of a known shape, held wherever its engine keeps it.</summary>
/// <remarks>
/// Values are read only through <see cref="IEngine.Download"/>, since a tensor may live on a device. Two tensors are the
/// same exactly when they are the same object: that identity is what caches are keyed by (activations that can be reused,
/// packed filters, device copies), so a tensor's values never change after it was made.
/// </remarks>
public abstract class Tensor(Shape shape) : IDisposable
{
    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>Gives the memory back to the engine; the tensor must not be used afterwards. Safe to call twice.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the engine holds for this tensor.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
