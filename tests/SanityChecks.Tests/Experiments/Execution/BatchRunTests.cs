using SanityChecks.Compute;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>How many layers a run computes: those below the random ones are never computed twice for a batch.</summary>
public sealed class BatchRunTests : IDisposable
{
    private const int Convolutions = 13, Linears = 3;

    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    [Theory]
    [InlineData("cascading_randomization", "[fc8]", 0, 1)]
    [InlineData("cascading_randomization", "[fc8, fc6, conv5_3]", 1, 1 + 3 + 3)]
    [InlineData("cascading_randomization", "[conv5_3, conv5_2, conv5_1]", 1 + 2 + 3, 3 * 3)]
    [InlineData("cascading_randomization", "all", 13 * 14 / 2, 1 + 2 + (14 * 3))]
    [InlineData("independent_randomization", "[fc8, fc6, conv5_3]", 1, 1 + 3 + 3)]
    [InlineData("independent_randomization", "all", 13 * 14 / 2, 1 + 2 + (14 * 3))]
    public void A_step_computes_its_lowest_layer_and_those_above(string experiment, string layers, int convolutions, int linears) =>
        Assert.Equal(
            (Convolutions + convolutions, Linears + linears),
            Computed("images.count=2", $"experiment={experiment}", $"randomization.layers={layers}"));

    [Fact]
    public void A_cascade_from_the_bottom_computes_from_the_layer_that_it_adds() => Assert.Equal(
        (Convolutions + 1, Linears + 3 + 1),
        Computed("images.count=2", "randomization.layers=[conv5_3, fc8]", "randomization.order=bottom_up"));

    [Fact]
    public void Each_batch_and_each_draw_computes_its_own()
    {
        Assert.Equal((2 * (Convolutions + 1), 2 * (Linears + 1 + 3)), Computed("images.batch=3", "randomization.layers=[fc8, conv5_3]"));
        Assert.Equal(
            (2 * (Convolutions + 1), 2 * (Linears + 1 + 3)),
            Computed("images.count=2", "randomization.layers=[fc8, conv5_3]", "randomization.draws=2"));
    }

    [Theory]
    [InlineData("[grad_cam]", 0)]
    [InlineData("[guided_backprop]", Convolutions)]
    [InlineData("[grad_cam, guided_backprop, guided_grad_cam]", Convolutions)]
    [InlineData("[gradient, guided_grad_cam]", 2 * Convolutions)]
    public void Gradients_go_no_further_down_than_needed_and_once_for_all_methods(string methods, int convolutions)
    {
        using var engine = new CountingEngine();
        small.Run("run", engine, null, CancellationToken.None, "images.count=2", "randomization.layers=[fc8]", $"methods={methods}");
        Assert.Equal(2 * convolutions, engine.ConvolutionGradients);
    }

    [Fact]
    public void Every_buffer_is_given_back()
    {
        using var engine = new CountingEngine();
        small.Run(
            "run", engine, null, CancellationToken.None, "methods=[grad_cam,guided_grad_cam,gradient,deconvnet,guided_backprop]",
            "randomization.draws=2");
        Assert.True(engine.Made > 100);
        Assert.Equal(0, engine.Alive);
    }

    private (int Convolutions, int Linears) Computed(params string[] overrides)
    {
        using var engine = new CountingEngine();
        small.Run("run" + Guid.NewGuid().ToString("N"), engine, null, CancellationToken.None, overrides);
        return (engine.Convolutions, engine.Linears);
    }

    /// <summary>An engine that counts layers and leaves them all 0, for speed.</summary>
    private sealed class CountingEngine : HostEngine
    {
        private int alive;

        public override string Name => "counting";

        public override string Description => "none";

        public int Convolutions { get; private set; }

        public int Linears { get; private set; }

        public int ConvolutionGradients { get; private set; }

        public int Made { get; private set; }

        public int Alive => alive;

        private protected override HostTensor Allocate(Shape shape)
        {
            Made++;
            alive++;
            return new Counted(shape, this);
        }

        private protected override void ConvolutionForward(
            HostTensor input, HostTensor weight, HostTensor? bias, ConvolutionGeometry geometry, Activation activation,
            HostTensor output) => Convolutions++;

        private protected override void LinearForward(
            HostTensor input, HostTensor weight, HostTensor? bias, Activation activation, HostTensor output) => Linears++;

        private protected override void ConvolutionInputGradient(
            HostTensor outputGradient, HostTensor weight, ConvolutionGeometry geometry, HostTensor gradient) =>
            ConvolutionGradients++;

        private sealed class Counted(Shape shape, CountingEngine engine) : HostTensor(shape, new float[shape.Count])
        {
            private bool released;

            protected override void Dispose(bool disposing)
            {
                engine.alive -= released ? 0 : 1;
                released = true;
            }
        }
    }
}
