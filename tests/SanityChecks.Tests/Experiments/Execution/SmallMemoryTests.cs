using SanityChecks.Compute;
using SanityChecks.Experiments.Execution;

namespace SanityChecks.Tests.Experiments.Execution;

/// <summary>A batch that does not fit into an engine's memory is halved until it does.</summary>
public sealed class SmallMemoryTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    [Theory]
    [InlineData(3, "2 instead of 4")]
    [InlineData(1, "2 instead of 4", "1 instead of 2")]
    public void A_run_goes_on_with_half_the_images_and_says_so_once(int most, params string[] warnings)
    {
        var said = new List<RunProgress>();
        using var enough = new FillingEngine(4);
        using var little = new FillingEngine(most);
        small.Run("enough", enough, null, CancellationToken.None, "images.batch=4");
        RunResult result = small.Run("little", little, said.Add, CancellationToken.None, "images.batch=4");
        Assert.Equal(small.ScoreBytes("enough"), small.ScoreBytes("little"));
        Assert.Equal(4, result.Scored);
        Assert.Equal(
            warnings.Select(warning => $"the memory of a test is full (6 x {warning.Split(' ')[3]}); going on with {warning} images at a time (images.batch={warning[0]} starts so)."),
            said.Select(progress => progress.Warning).OfType<string>());
        Assert.Equal((4, 4L * 4), (said[^1].Images, said[^1].Explanations));
        Assert.Equal(said[^1].TotalExplanations, said[^1].Explanations);
    }

    [Fact]
    public void One_image_that_does_not_fit_ends_the_run()
    {
        using var engine = new FillingEngine(0);
        var full = Assert.Throws<EngineMemoryException>(() => small.Run("run", engine, null, CancellationToken.None));
        Assert.Equal("the memory of a test is full (6 x 1), and one image at a time is the least; --engine cpu computes in this machine's own memory", full.Message);
    }

    /// <summary>An engine whose memory holds the activations of few images; it leaves them all 0, for speed.</summary>
    private sealed class FillingEngine(int images) : HostEngine
    {
        private int first;

        public override string Name => "small";

        public override string Description => "a test";

        private protected override HostTensor Allocate(Shape shape)
        {
            // The image fits, and so do the first layers: what fills the memory comes later.
            first = shape.Rank == 4 && shape[1] == 3 ? 0 : first + 1;
            return first > 5 && shape[0] > images
                ? throw new EngineMemoryException($"the memory of {Description} is full ({first} x {shape[0]})")
                : new HostTensor(shape, new float[shape.Count]);
        }

        private protected override void ConvolutionForward(
            HostTensor input, HostTensor weight, HostTensor? bias, ConvolutionGeometry geometry, Activation activation, HostTensor output)
        {
        }

        private protected override void LinearForward(
            HostTensor input, HostTensor weight, HostTensor? bias, Activation activation, HostTensor output)
        {
        }

        private protected override void ConvolutionInputGradient(
            HostTensor outputGradient, HostTensor weight, ConvolutionGeometry geometry, HostTensor gradient)
        {
        }
    }
}
