using Xunit.v3;

namespace SanityChecks.Tests;

/// <summary>The slow set: all cases of what a quick test checks with some. It is skipped unless SANITYCHECKS_SLOW=1 is in the environment, as it is in .ci/run.</summary>
public static class Slow
{
    public const string Reason = "slow: runs with SANITYCHECKS_SLOW=1";

    public static bool Wanted => Environment.GetEnvironmentVariable("SANITYCHECKS_SLOW") == "1";
}

/// <summary>A case of a theory that belongs to the slow set.</summary>
public sealed class SlowInlineDataAttribute : DataAttribute
{
    private readonly object?[] arguments;

    public SlowInlineDataAttribute(params object?[] arguments)
    {
        this.arguments = arguments;
        (Skip, SkipType, SkipUnless, Traits) = (Slow.Reason, typeof(Slow), nameof(Slow.Wanted), ["Category", "Slow"]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
        new([ConvertDataRow(arguments)]);
}
