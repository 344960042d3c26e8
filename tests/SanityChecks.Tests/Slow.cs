using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace SanityChecks.Tests;

/// <summary>
/// A case of the slow set: all of what the quick cases of its test check with some. It is skipped unless SANITYCHECKS_SLOW=1 is in the
/// environment, as it is in .ci/run.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SlowInlineDataAttribute : DataAttribute
{
    private readonly object?[] arguments;

    public SlowInlineDataAttribute(params object?[] arguments)
    {
        this.arguments = arguments;
        Traits = ["Category", "Slow"];
        Skip = Environment.GetEnvironmentVariable("SANITYCHECKS_SLOW") == "1" ? null : "slow: runs with SANITYCHECKS_SLOW=1";
    }

    public override bool SupportsDiscoveryEnumeration() => true;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([ConvertDataRow(arguments)]);
}
