using System.Globalization;
using System.Text.Json;
using SanityChecks.Compute;

namespace SanityChecks.Benchmarks;

/// <summary>A plain product: a 1 x 1 convolution of a row of pixels is one, and takes the same way.</summary>
internal static class GemmBenchmark
{
    private const int Size = 2048;

    public static void Run(IEngine made, int repeats, bool json)
    {
        using IEngine engine = made;
        using Tensor columns = engine.Upload(new Shape(1, Size, 1, Size), Timing.Noise((long)Size * Size, 1));
        float[] rows = Timing.Noise((long)Size * Size, 2);
        double seconds = Timing.Medians(repeats, Multiply)[0], gflops = 2e-9 * Size * Size * Size / seconds;
        Console.WriteLine(json
            ? JsonSerializer.Serialize(new { engine = engine.Name, instructions = engine.Description, size = Size, seconds, gflops })
            : string.Create(CultureInfo.InvariantCulture, $"{Size} x {Size} x {Size}; engine {engine.Name}, {engine.Description}: {seconds * 1000:0.0} ms, {gflops:0.0} GFLOP/s (median of {repeats})"));

        // A new weight each time, so that bringing it into the kernel's order is measured as well.
        void Multiply()
        {
            using var weight = new HostTensor(new Shape(Size, Size, 1, 1), rows);
            engine.Convolution(columns, weight, null, ConvolutionGeometry.Square(1, 0), Activation.None).Dispose();
        }
    }
}
