namespace SanityChecks.Imaging.Jpeg;

/// <summary>Makes the image of a frame whose scans have all been read.</summary>
internal static class FrameReconstruction
{
    /// <summary>Coefficients to samples where the frame is progressive; then samples to pixels.</summary>
    public static RgbImage Image(FrameHeader frame, ColorSpace space)
    {
        if (frame.Progressive)
        {
            bool smooth = BlockSmoothing.Applies(frame);
            foreach (Component component in frame.Components)
            {
                component.AllocateSamples();
                Transform(component, smooth ? new BlockSmoothing(component, frame) : null);
                component.ReleaseCoefficients();
            }
        }

        RowUpsampler[] rows = [.. frame.Components.Select(c => new RowUpsampler(c, frame))];
        byte[] pixels = new byte[3L * frame.Width * frame.Height];
        for (int y = 0; y < frame.Height; y++)
        {
            ColorConversion.Row(space, rows, y, pixels.AsSpan(3 * frame.Width * y, 3 * frame.Width));
        }

        return new RgbImage(frame.Width, frame.Height, pixels);
    }

    private static void Transform(Component component, BlockSmoothing? smoothing)
    {
        Span<short> smoothed = stackalloc short[64];
        for (int row = 0; row < component.BlocksDown; row++)
        {
            smoothing?.StartRow(row);
            for (int column = 0; column < component.BlocksAcross; column++)
            {
                scoped Span<short> block = component.Coefficients.AsSpan(64 * (row * component.PaddedBlocksAcross + column), 64);
                if (smoothing is not null)
                {
                    block.CopyTo(smoothed);
                    smoothing.Fill(column, smoothed);
                    block = smoothed;
                }

                bool flat = !block[1..].ContainsAnyExcept((short)0);
                Span<byte> samples = component.Samples.AsSpan(8 * (row * component.Stride + column));
                InverseDct.Transform(block, flat, component.Quantization, samples, component.Stride);
            }
        }
    }
}
