namespace SanityChecks.Compute.Reference;

/// <summary>Every operation as its definition in plain loops, sums in double precision, one thread: the oracle for the other
/// engines.</summary>
public sealed class ReferenceEngine : HostEngine
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override string Description => "plain loops, sums in double precision, 1 thread";
}
