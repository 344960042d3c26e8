using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Execution;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>What a configuration becomes with the network at hand.</summary>
public sealed class PlanTests : IDisposable
{
    private const string NoCam =
        "CAM needs a network that ends in a mean over space and at most one linear layer, which vgg16 does not";

    private readonly SmallRun small = new();

    [Fact]
    public void All_methods_are_those_that_the_network_allows_and_the_resolved_configuration_names_them()
    {
        Plan plan = small.Plan("methods=all");
        Assert.Equal(AttributionMethods.All.Except([ClassActivationMap.Instance]), plan.Methods.Select(method => method.Method));
        Assert.Equal(["left out of all methods: " + NoCam], plan.Notes);
        Assert.Equal(plan.Methods, ExperimentConfig.Parse(plan.Config.ToYaml(), "c.yaml", [], Catalogue.Vocabulary).Methods);
    }

    [Fact]
    public void A_method_that_is_named_and_makes_no_sense_stops_the_run_before_it_begins()
    {
        Assert.EndsWith(NoCam, Assert.Throws<ConfigException>(() => small.Plan("methods=[grad_cam, cam]")).Message, StringComparison.Ordinal);
        Assert.Empty(small.Plan("methods=[grad_cam]").Notes);
    }

    public void Dispose() => small.Dispose();
}
