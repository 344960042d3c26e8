using System.Text.Json;
using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Tests.Networks;
using SanityChecks.Training;

namespace SanityChecks.Tests.Training;

public class OptimizerTests
{
    private static readonly double[] Rates = [0.05, 0.1, 0.08, 0.03, 0.001];

    private static Optimizer Make(string name) => name == "adam" ? new Adam(0.8, 0.2) : new Sgd(0.8, 0.2);

    private static Weights First => new([
        KeyValuePair.Create("a.weight", SmallNetworks.Tensor(2, new Shape(3, 4), 1)),
        KeyValuePair.Create("a.bias", SmallNetworks.Tensor(3, new Shape(3), 1)),
        KeyValuePair.Create("frozen.weight", SmallNetworks.Tensor(4, new Shape(2, 2), 1)),
    ]);

    private static Dictionary<string, float[]> Gradients(int step) => new()
    {
        ["a.weight"] = SmallNetworks.Values(10 + step, 12, 2),
        ["a.bias"] = SmallNetworks.Values(20 + step, 3, 2),
    };

    /// <summary>Five steps with clipped gradients and other learning rates; the weight decays, the bias does not.</summary>
    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void Steps_equal_pytorchs(string name)
    {
        Optimizer optimizer = Make(name);
        Assert.Equal(name, optimizer.Name);
        Weights weights = First;
        JsonElement expected = TorchTraining.Numbers.GetProperty(name);
        for (int step = 0; step < Rates.Length; step++)
        {
            Dictionary<string, float[]> gradients = Gradients(step);
            double norm = Math.Sqrt(gradients.Values.SelectMany(values => values).Sum(value => (double)value * value));
            Assert.Equal(expected[step].GetProperty("norm").GetDouble(), norm, 1e-6 * norm);
            weights = optimizer.Step(weights, gradients, Rates[step], Math.Min(1, 2.5 / (norm + 1e-6)));
            Assert.Equal(step + 1, optimizer.Steps);
            TorchTraining.AssertClose(expected[step].GetProperty("matrix"), weights["a.weight"].Values.ToArray());
            TorchTraining.AssertClose(expected[step].GetProperty("vector"), weights["a.bias"].Values.ToArray());
        }
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void A_step_makes_new_tensors_and_leaves_the_old_ones(string name)
    {
        Weights before = First;
        float[] values = before["a.weight"].Values.ToArray();
        Weights after = Make(name).Step(before, Gradients(0), 0.1);
        Assert.Equal(values, before["a.weight"].Values.ToArray());
        Assert.NotSame(before["a.weight"], after["a.weight"]);
        Assert.Same(before["frozen.weight"], after["frozen.weight"]);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void A_restored_optimizer_goes_on_to_the_same_bits(string name)
    {
        Optimizer optimizer = Make(name), restored = Make(name);
        Weights weights = First;
        weights = optimizer.Step(weights, Gradients(0), 0.1);
        restored.Restore(optimizer.Steps, new Weights(optimizer.State), ["a.weight", "a.bias"]);
        Weights expected = optimizer.Step(weights, Gradients(1), 0.1), actual = restored.Step(weights, Gradients(1), 0.1);
        Assert.Equal(2, restored.Steps);
        Assert.All(expected, one => Assert.Equal(one.Value.Values.ToArray(), actual[one.Key].Values.ToArray()));
    }

    [Fact]
    public void The_learning_rate_rises_in_a_line_and_falls_along_half_a_cosine_to_nothing()
    {
        var schedule = new LearningRateSchedule(2, WarmUp: 3, Steps: 11);
        Assert.Equal([0.5, 1, 1.5, 2], Enumerable.Range(0, 4).Select(step => schedule.At(step)));
        Assert.Equal(1, schedule.At(7), 1e-12);
        Assert.Equal(1 + Math.Cos(Math.PI * 7 / 8), schedule.At(10), 1e-12);
        Assert.Equal(0, schedule.At(11), 1e-12);
        Assert.Equal(2, new LearningRateSchedule(2, 0, 5).At(0));
    }
}
