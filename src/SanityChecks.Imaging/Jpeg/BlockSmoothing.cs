namespace SanityChecks.Imaging.Jpeg;

/// <summary>
/// Estimates of low AC coefficients that a progressive file never sends in full, from the DC coefficients of the 5x5 blocks
/// around (an extension of ITU-T T.81 section K.8, as libjpeg-turbo 2.1 has it).
/// </summary>
/// <remarks>
/// An estimate takes the place of a coefficient that is zero so far and not known exactly, and stays below the bits that are known.
/// </remarks>
internal sealed class BlockSmoothing
{
    private const int Side = 5;

    /// <summary>Zigzag positions 1 to 9 are estimated when only DC is known, else 1 to 5.</summary>
    private const int Estimated = 9;

    // A kernel weighs the 25 DC coefficients row by row; weighted sum * DC divisor / (256 * own divisor) is the estimate.
    // These, for zigzag positions 1 to 9 and then DC itself, are for a component of which only DC is known.
    private static readonly short[][] s_dcOnly =
    [
        [-1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1],
        [-1, -3, -3, -3, -1, -1, 13, 38, 13, -1, 0, 0, 0, 0, 0, 1, -13, -38, -13, 1, 1, 3, 3, 3, 1],
        [0, 0, 1, 0, 0, 0, 2, 7, 2, 0, 0, -5, -14, -5, 0, 0, 2, 7, 2, 0, 0, 0, 1, 0, 0],
        [-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1],
        [0, 0, 0, 0, 0, 0, 2, -5, 2, 0, 1, 7, -14, 7, 1, 0, 2, -5, 2, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 2, 0, -2, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, -3, 1, 0, 0, 0, 0, 0, 0, 0, -1, 3, -1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, -3, 0, 3, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, -1, -2, -1, 0, 0, 0, 0, 0, 0],
        [-2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8, -6, -2],
    ];

    // And these, for positions 1 to 5, for one of which more is known.
    private static readonly short[][] s_someAc =
    [
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -7, 50, 0, -50, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, -7, 0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, -50, 0, 0, 0, 0, 7, 0, 0],
        [0, 0, -1, 0, 0, 0, 0, 13, 0, 0, 0, 0, -24, 0, 0, 0, 0, 13, 0, 0, 0, 0, -1, 0, 0],
        [0, -1, 0, 1, 0, -1, 10, 0, -10, 1, 0, 0, 0, 0, 0, 1, -10, 0, 10, -1, 0, 1, 0, -1, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 13, -24, 13, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];

    private readonly Component _component;
    private readonly int _lastMcuRow;
    private readonly bool _onlyDc;
    private readonly short[] _dc = new short[Side * Side];
    private readonly int[] _rowStarts = new int[Side];

    /// <summary>Smooths one component of a frame.</summary>
    public BlockSmoothing(Component component, FrameHeader frame)
    {
        _component = component;
        _lastMcuRow = frame.McusDown - 1;
        _onlyDc = Enumerable.Range(1, Estimated).All(k => component.Precision.MissingBits(k) < 0);
    }

    /// <summary>Whether libjpeg would smooth the frame: a low AC coefficient is not exact, and no divisor is zero.</summary>
    public static bool Applies(FrameHeader frame)
    {
        bool inexact = false;
        foreach (Component component in frame.Components)
        {
            for (int k = 0; k <= Estimated; k++)
            {
                if (component.Quantization![ZigZag.ToRowMajor[k]] == 0)
                {
                    return false;
                }

                inexact |= k > 0 && component.Precision.MissingBits(k) != 0;
            }
        }

        return inexact;
    }

    /// <summary>Starts a row of blocks.</summary>
    public void StartRow(int row)
    {
        // Rows two away come from the neighbouring MCU rows only where libjpeg has these at hand.
        int mcuRow = row / _component.Vertical;
        int within = row % _component.Vertical;
        int below = mcuRow < _lastMcuRow ? _component.Vertical - 1 - within : _component.BlocksDown - 1 - row;
        int previous = row > 0 ? row - 1 : row;
        int next = below > 0 || mcuRow < _lastMcuRow ? row + 1 : row;
        ReadOnlySpan<int> rows =
        [
            within > 1 || mcuRow > 1 ? row - 2 : previous,
            previous,
            row,
            next,
            below > 1 || mcuRow + 1 < _lastMcuRow ? row + 2 : next,
        ];
        for (int i = 0; i < Side; i++)
        {
            _rowStarts[i] = 64 * rows[i] * _component.PaddedBlocksAcross;
            _dc.AsSpan(Side * i, Side).Fill(_component.Coefficients[_rowStarts[i]]);
        }
    }

    /// <summary>Fills in a block. Call it for the columns of a row in turn.</summary>
    /// <param name="column">The block's place in the row.</param>
    /// <param name="block">Its coefficients, row-major; changed.</param>
    public void Fill(int column, Span<short> block)
    {
        Slide(column);
        ushort[] divisors = _component.Quantization!;
        short[][] kernels = _onlyDc ? s_dcOnly : s_someAc;
        for (int k = 1; k <= Math.Min(Estimated, kernels.Length); k++)
        {
            int place = ZigZag.ToRowMajor[k];
            int missing = _component.Precision.MissingBits(k);
            if (missing != 0 && block[place] == 0)
            {
                block[place] = Estimate(kernels[k - 1], divisors[0], divisors[place], missing > 0 ? (1 << missing) - 1 : long.MaxValue);
            }
        }

        if (_onlyDc)
        {
            block[0] = Estimate(kernels[Estimated], divisors[0], divisors[0], long.MaxValue);
        }
    }

    private void Slide(int column)
    {
        int last = _component.BlocksAcross - 1;
        for (int i = 0; i < Side; i++)
        {
            Span<short> row = _dc.AsSpan(Side * i, Side);
            if (column > 0)
            {
                row[1..].CopyTo(row);
            }
            else if (last > 0)
            {
                row[3] = _component.Coefficients[_rowStarts[i] + 64];
            }

            if (column + 1 < last)
            {
                row[4] = _component.Coefficients[_rowStarts[i] + 64 * (column + 2)];
            }
        }
    }

    private short Estimate(short[] kernel, long dcDivisor, long divisor, long limit)
    {
        long sum = 0;
        for (int i = 0; i < kernel.Length; i++)
        {
            sum += kernel[i] * _dc[i];
        }

        sum *= dcDivisor;
        long magnitude = Math.Min(limit, ((divisor << 7) + Math.Abs(sum)) / (divisor << 8));
        return (short)(sum >= 0 ? magnitude : -magnitude);
    }
}
