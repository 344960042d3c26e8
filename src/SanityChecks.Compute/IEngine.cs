namespace SanityChecks.Compute;

/// <summary>placeholder</summary>
public interface IEngine
{
    /// <summary>Copies values to the host.</summary>
    void Download(Tensor tensor, Span<float> destination);
}
