namespace SanityChecks.Compute.Cpu;

/// <summary>The kernels that need working memory for a task.</summary>
internal enum MemoryUse
{
    /// <summary><see cref="Cpu.Gemm"/>.</summary>
    Gemm,

    /// <summary><see cref="LinearKernel"/>.</summary>
    Linear,

    /// <summary><see cref="DirectConvolution"/>.</summary>
    DirectConvolution,

    /// <summary><see cref="WinogradConvolution{TTile}"/>.</summary>
    Winograd,

    /// <summary><see cref="Cpu.WeightGradient"/>.</summary>
    WeightGradient,

    /// <summary><see cref="Cpu.DirectWeightGradient"/>.</summary>
    DirectWeightGradient,
}

/// <summary>Working memory of an engine's threads: each kernel finds on each thread the array of its last task there, and one that is too
/// short is replaced.</summary>
/// <remarks>
/// An array holds what the same kernel left in it, or zeros: some kernels multiply what lies beyond a border by 0, which another kernel's
/// infinity would spoil.
/// </remarks>
internal sealed class ThreadMemory : IDisposable
{
    private readonly ThreadLocal<float[]?[]> floats = new(() => new float[]?[Enum.GetValues<MemoryUse>().Length]);
    private readonly ThreadLocal<double[]> doubles = new(() => []);

    /// <summary>An array of the calling thread, for its task.</summary>
    /// <param name="use">Whose.</param>
    /// <param name="length">At least so long.</param>
    public float[] Floats(MemoryUse use, int length)
    {
        ref float[]? array = ref floats.Value![(int)use];
        return array is not null && array.Length >= length ? array : array = new float[length];
    }

    /// <summary>The same in double precision, for <see cref="ImageConvolution"/>.</summary>
    /// <param name="length">At least so long.</param>
    public double[] Doubles(int length) => doubles.Value!.Length >= length ? doubles.Value : doubles.Value = new double[length];

    /// <summary>Forgets all arrays.</summary>
    public void Dispose()
    {
        floats.Dispose();
        doubles.Dispose();
    }
}
