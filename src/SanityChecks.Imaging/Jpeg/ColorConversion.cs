namespace SanityChecks.Imaging.Jpeg;

/// <summary>Turns component rows into RGB as libjpeg and Pillow do, to the bit.</summary>
internal static class ColorConversion
{
    // JFIF 1.02, with 16 fractional bits; the green terms are summed before they are rounded.
    private static readonly int[] s_redOfCr = Table(cr => (91881 * cr + 32768) >> 16);
    private static readonly int[] s_blueOfCb = Table(cb => (116130 * cb + 32768) >> 16);
    private static readonly int[] s_greenOfCr = Table(cr => -46802 * cr);
    private static readonly int[] s_greenOfCb = Table(cb => -22554 * cb + 32768);

    /// <summary>Converts one row.</summary>
    /// <param name="space">What the components are.</param>
    /// <param name="rows">Yields a row of at least the image's width for each component.</param>
    /// <param name="y">The image's row.</param>
    /// <param name="rgb">Receives three bytes a pixel; its length sets the width.</param>
    public static void Row(ColorSpace space, RowUpsampler[] rows, int y, Span<byte> rgb)
    {
        ReadOnlySpan<byte> first = rows[0].Row(y);
        if (space == ColorSpace.Gray)
        {
            Gray(first, rgb);
            return;
        }

        ReadOnlySpan<byte> second = rows[1].Row(y);
        ReadOnlySpan<byte> third = rows[2].Row(y);
        if (space is ColorSpace.YCbCr or ColorSpace.Ycck)
        {
            YCbCr(first, second, third, rgb);
        }
        else
        {
            Interleave(first, second, third, rgb);
        }

        if (space is ColorSpace.Cmyk or ColorSpace.Ycck)
        {
            Inks(rows[3].Row(y), rgb, invert: space == ColorSpace.Cmyk);
        }
    }

    private static void Gray(ReadOnlySpan<byte> gray, Span<byte> rgb)
    {
        for (int x = 0, i = 0; i < rgb.Length; x++, i += 3)
        {
            rgb.Slice(i, 3).Fill(gray[x]);
        }
    }

    private static void Interleave(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> rgb)
    {
        for (int x = 0, i = 0; i < rgb.Length; x++, i += 3)
        {
            rgb[i] = first[x];
            rgb[i + 1] = second[x];
            rgb[i + 2] = third[x];
        }
    }

    private static void YCbCr(ReadOnlySpan<byte> luminance, ReadOnlySpan<byte> blueness, ReadOnlySpan<byte> redness, Span<byte> rgb)
    {
        int[] redOfCr = s_redOfCr;
        int[] blueOfCb = s_blueOfCb;
        int[] greenOfCr = s_greenOfCr;
        int[] greenOfCb = s_greenOfCb;
        int width = rgb.Length / 3;
        luminance = luminance[..width];
        blueness = blueness[..width];
        redness = redness[..width];
        for (int x = 0, i = 0; x < luminance.Length; x++, i += 3)
        {
            int y = luminance[x];
            int cb = blueness[x];
            int cr = redness[x];
            rgb[i + 2] = Clamp(y + blueOfCb[cb]);
            rgb[i + 1] = Clamp(y + ((greenOfCb[cb] + greenOfCr[cr]) >> 16));
            rgb[i] = Clamp(y + redOfCr[cr]);
        }
    }

    /// <summary>
    /// Inks to light, in place. Pillow undoes Adobe's inversion, then takes each ink's share of what black leaves:
    /// <c>(255 - K) - C * (255 - K) / 255</c>, rounded. libjpeg's YCCK conversion inverts the inks once more.
    /// </summary>
    private static void Inks(ReadOnlySpan<byte> storedBlack, Span<byte> rgb, bool invert)
    {
        int mask = invert ? 0xFF : 0;
        for (int x = 0, i = 0; i < rgb.Length; x++, i += 3)
        {
            int left = storedBlack[x];
            for (int ink = i; ink < i + 3; ink++)
            {
                int product = (rgb[ink] ^ mask) * left + 128;
                rgb[ink] = (byte)(left - (((product >> 8) + product) >> 8));
            }
        }
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);

    private static int[] Table(Func<int, int> ofDifference) => [.. Enumerable.Range(-128, 256).Select(ofDifference)];
}
