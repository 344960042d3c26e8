using SanityChecks.Compute;
using static SanityChecks.Tests.Compute.EngineConformanceTests;

namespace SanityChecks.Tests.Compute;

/// <summary>Every engine against the reference loops, as <see cref="EngineConformanceTests"/>: dilated convolutions, and functions of each
/// element that are no ReLU.</summary>
public class EngineFunctionTests
{
    /// <summary>Windows that leave out rows and columns, of one channel, of few, of groups, and of each channel alone.</summary>
    [Theory, MemberData(nameof(EngineConformanceTests.Names), MemberType = typeof(EngineConformanceTests))]
    public void Dilated_convolutions_and_their_gradients_equal_the_reference(string name)
    {
        foreach ((int[] input, int[] kernel, ConvolutionGeometry geometry) in new (int[], int[], ConvolutionGeometry)[]
        {
            ([2, 3, 15, 17], [4, 3, 3, 3], new(1, 1, 2, 2, 1, 2, 2)),
            ([1, 20, 14, 14], [24, 20, 3, 3], new(1, 1, 3, 3, 1, 3, 3)),
            ([2, 6, 13, 16], [8, 3, 3, 2], new(2, 1, 1, 4, 2, 2, 5)),
            ([1, 6, 13, 16], [6, 1, 3, 3], new(1, 2, 0, 2, 6, 1, 2)),
            ([1, 5, 9, 9], [7, 5, 1, 1], new(1, 1, 0, 0, 1, 2, 2)),
        })
        {
            HostTensor x = Random(1, input), weight = Random(2, kernel), bias = Random(3, kernel[0]);
            HostTensor gradient = Random(4, [.. geometry.OutputShape(x.Shape, weight.Shape).Axes]);
            AssertSame(name, engine => engine.Convolution(x, weight, bias, geometry, Activation.Relu), Tolerance);
            AssertSame(name, engine => engine.ConvolutionInputGradient(gradient, weight, x.Shape, geometry), Tolerance);
            AssertSame(name, engine => engine.ConvolutionWeightGradient(gradient, x, weight.Shape, geometry), Tolerance);
        }
    }

    public static TheoryData<string, PointwiseFunction> Functions
    {
        get
        {
            var cases = new TheoryData<string, PointwiseFunction>();
            foreach (string name in EngineNames)
            {
                cases.AddRange(
                [
                    (name, PointwiseFunction.Linear(-1.5f, 0.25f)), (name, PointwiseFunction.LeakyRelu(0.1f)),
                    (name, PointwiseFunction.Elu(0.7f)),
                    (name, PointwiseFunction.Sigmoid), (name, PointwiseFunction.Silu), (name, PointwiseFunction.Tanh),
                    (name, PointwiseFunction.HardSigmoid(0.2f, 0.5f)), (name, PointwiseFunction.HardSwish),
                    (name, PointwiseFunction.Clamp(-1.25f, 2.5f)), (name, PointwiseFunction.Power(2)),
                ]);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Functions))]
    public void Functions_of_each_element_and_their_gradients_equal_the_reference(string name, PointwiseFunction function)
    {
        HostTensor x = Scaled(Random(1, 2, 5, 7, 9), 6), gradient = Random(2, 2, 5, 7, 9);
        AssertSame(name, engine => engine.Apply(x, function));
        AssertSame(name, engine => engine.ApplyInputGradient(gradient, x, function));
    }

    /// <summary>Large values do not overflow, and an element's bits do not depend on where it lies.</summary>
    [Theory, MemberData(nameof(EngineConformanceTests.Names), MemberType = typeof(EngineConformanceTests))]
    public void Sigmoid_and_silu_hold_for_values_of_any_size(string name)
    {
        using IEngine engine = Engines.Create(name);
        float[] values = [-1000, -90, -1, 0, 1, 90, 1000];
        var input = new HostTensor(new Shape(1, 7), values);
        Assert.Equal([0, 0, 0.26894143f, 0.5f, 0.7310586f, 1, 1], Values(engine, engine.Apply(input, PointwiseFunction.Sigmoid)), Near);
        Assert.Equal([0, 0, -0.26894143f, 0, 0.7310586f, 90, 1000], Values(engine, engine.Apply(input, PointwiseFunction.Silu)), Near);
        float[] many = Values(
            engine, engine.Apply(new HostTensor(new Shape(1, 21), [.. values, .. values, .. values]), PointwiseFunction.Silu));
        if (engine is HostEngine)
        {
            Assert.Equal(many[..7], many[7..14]);
            Assert.Equal(many[..7], many[14..]);
        }
    }

    private static IEqualityComparer<float> Near { get; } = EqualityComparer<float>.Create((one, other) => Math.Abs(one - other) <= 1e-6f);
}
