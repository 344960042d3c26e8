using SanityChecks.Experiments.Execution;
using SanityChecks.Saliency;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>Which steps a grid of maps shows.</summary>
public sealed class StepGridTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    /// <summary>The steps whose maps are drawn, of a run of so many.</summary>
    private int[] Shown(int steps)
    {
        string scales = string.Join(", ", Enumerable.Range(1, steps).Select(step => step / 1000.0));
        Plan plan = small.Plan($"experiment={{name: weight_noise, scales: [{scales}]}}", "randomization={draws: 1}");
        var shown = new List<int>();
        var grid = new StepGrid(plan, plan.Experiment.Words, MapStyle.Default) { Subject = "", Reading = "", Pixels = 1 };
        grid.Draw(
            (_, step) =>
            {
                shown.Add(step);
                return null;
            },
            (_, step) => step > 0 ? "" : throw new InvalidOperationException("The untouched network has no score."));
        return [.. shown];
    }

    [Fact]
    public void All_steps_of_a_network_of_the_usual_depth() => Assert.Equal(Enumerable.Range(0, 43), Shown(42));

    [Fact]
    public void Every_second_or_third_of_a_deep_one_and_always_the_first_and_the_last()
    {
        Assert.Equal([0, .. Enumerable.Range(0, 22).Select(i => 1 + (2 * i))], Shown(43));
        Assert.Equal([0, .. Enumerable.Range(0, 32).Select(i => 1 + (3 * i)), 96], Shown(96));
    }
}
