using BenchmarkDotNet.Attributes;
using SanityChecks.Compute;

namespace SanityChecks.Benchmarks;

/// <summary>Each way of convolving, by each instruction set that this machine has.</summary>
public class KernelBenchmarks
{
    private IEngine engine = Engines.Create("cpu");
    private Tensor image = null!, narrow = null!, strip = null!;
    private HostTensor winograd = null!, direct = null!, pixel = null!;

    public static IEnumerable<string> EngineNames => Engines.Names.Where(name => name.StartsWith("cpu:", StringComparison.Ordinal));

    [ParamsSource(nameof(EngineNames))]
    public string Engine { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        engine = Engines.Create(Engine);
        image = Noise(1, 128, 56, 56);
        narrow = Noise(1, 3, 224, 224);
        strip = Noise(1, 512, 28, 28);
        winograd = Weight(128, 128, 3, 3);
        direct = Weight(64, 3, 3, 3);
        pixel = Weight(512, 512, 1, 1);
    }

    [Benchmark]
    public void Winograd() => engine.Convolution(image, winograd, null, ConvolutionGeometry.Square(1, 1), Activation.Relu).Dispose();

    [Benchmark]
    public void Winograd_input_gradient() =>
        engine.ConvolutionInputGradient(image, winograd, image.Shape, ConvolutionGeometry.Square(1, 1)).Dispose();

    [Benchmark]
    public void Strided() => engine.Convolution(image, winograd, null, ConvolutionGeometry.Square(2, 1), Activation.Relu).Dispose();

    [Benchmark]
    public void Direct() => engine.Convolution(narrow, direct, null, ConvolutionGeometry.Square(1, 1), Activation.Relu).Dispose();

    [Benchmark]
    public void Product() => engine.Convolution(strip, pixel, null, ConvolutionGeometry.Square(1, 0), Activation.Relu).Dispose();

    [Benchmark]
    public void Weight_gradient() =>
        engine.ConvolutionWeightGradient(image, image, winograd.Shape, ConvolutionGeometry.Square(1, 1)).Dispose();

    private Tensor Noise(params int[] axes) => engine.Upload(new Shape(axes), Timing.Noise(new Shape(axes).Count, 1));

    private static HostTensor Weight(params int[] axes) => new(new Shape(axes), Timing.Noise(new Shape(axes).Count, 2));
}
