using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Tests.RunFiles.Statistics;

public class HealthTests
{
    private static ScoreRow Row(
        string image, string method, string metric, double? value, string resolution = "input", string status = "ok") =>
        new(
            image, null, 0, 1, 1, "cascading", 1, "fc8", 1, method, metric, resolution,
            method == ScoreRow.Network ? ScoreRow.Original : ScoreRow.Itself, value,
            value is null && status == "ok" ? "non_finite_randomized" : status);

    /// <summary>Four images: a sound map, a dead one, an even one, and one without a number because the network has none.</summary>
    private static readonly ScoreRow[] Rows =
    [
        Row("a", "grad_cam", "zeros", 0.5), Row("a", "grad_cam", "neighbors", 0.9),
        Row("b", "grad_cam", "zeros", 1), Row("b", "grad_cam", "neighbors", null, status: "constant_randomized"),
        Row("c", "grad_cam", "zeros", 0), Row("c", "grad_cam", "neighbors", null, status: "constant_randomized"),
        Row("d", "grad_cam", "zeros", null), Row("d", "grad_cam", "neighbors", null),
        Row("a", "gradient", "zeros", 0), Row("a", "gradient", "neighbors", 0.1),
        Row("b", "gradient", "zeros", null), Row("b", "gradient", "neighbors", null),
        .. new[] { ("a", (double?)0.5), ("b", 1.5), ("c", 1), ("d", null) }.Select(
            one => Row(one.Item1, ScoreRow.Network, "logit_entropy", one.Item2, "output")),
        Row("a", ScoreRow.Network, "activation_scale", 2, "fc8"), Row("b", ScoreRow.Network, "activation_scale", 4, "fc8"),
    ];

    private static (int N, double? Value) Of(string subject, string measure)
    {
        HealthRow row = Health.Of(Rows).Single(row => row.Subject == subject && row.Measure == measure);
        return (row.N, row.Value);
    }

    [Fact]
    public void Maps_are_counted_by_what_they_died_of()
    {
        Assert.Equal((4, 1), Of("grad_cam", Health.DeadMaps));
        Assert.Equal((4, 1), Of("grad_cam", Health.ConstantMaps));
        Assert.Equal((4, 1), Of("grad_cam", Health.NonFiniteWithNetwork));
        Assert.Equal((4, 0), Of("grad_cam", Health.NonFiniteMaps));
        Assert.Equal((2, 1), Of("gradient", Health.NonFiniteMaps));
        Assert.Equal((2, 0), Of("gradient", Health.NonFiniteWithNetwork));
    }

    [Fact]
    public void Networks_and_layers_have_means_over_what_is_defined()
    {
        Assert.Equal((3, 1), Of(ScoreRow.Network, "logit_entropy"));
        Assert.Equal((4, 1), Of(ScoreRow.Network, Health.NonFiniteNetworks));
        Assert.Equal((2, 3), Of("fc8", "activation_scale"));
        Assert.All(Health.Of(Rows), row => Assert.Equal(row, HealthRow.Parse([.. row.Cells])));
    }
}
