namespace SanityChecks.Compute.Cpu;

/// <summary>
/// Planes laid out so that every window of a convolution of stride 1 is a shift: row after row, with as many zeros before each as the
/// padding has. A row's right padding is the next row's left one.
/// </summary>
/// <param name="width">Columns of the plane.</param>
/// <param name="padding">Zero columns on each side, less than the window has columns.</param>
internal readonly struct PaddedRows(int width, int padding)
{
    /// <summary>From one row to the next; at least a row of the convolution's output.</summary>
    public int Stride => width + padding;

    /// <summary>Copies rows of a plane.</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="first">The first row; negative ones and those from <paramref name="height"/> on are zero.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">Gets <paramref name="count"/> times <see cref="Stride"/> values.</param>
    public unsafe void Fill(float* plane, int height, int first, int count, float* destination)
    {
        for (int row = first; row < first + count; row++, destination += Stride)
        {
            if ((uint)row >= (uint)height)
            {
                new Span<float>(destination, Stride).Clear();
                continue;
            }

            new Span<float>(destination, padding).Clear();
            new ReadOnlySpan<float>(plane + ((nint)row * width), width).CopyTo(new Span<float>(destination + padding, width));
        }
    }
}
