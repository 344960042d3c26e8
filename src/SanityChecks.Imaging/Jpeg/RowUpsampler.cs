namespace SanityChecks.Imaging.Jpeg;

/// <summary>Rows of one component at the image's full size.</summary>
/// <remarks>
/// As libjpeg-turbo 2.1 does it: at ratios 2x1 (across x down), 1x2 and 2x2 a triangle filter, 3/4 of the nearer sample and 1/4 of
/// the further in each direction, with the rounding alternating; at the other ratios, and at 2x1 and 2x2 for components of one or two
/// columns, each sample repeated. Beyond the component's edges the outermost samples continue.
/// </remarks>
internal sealed class RowUpsampler
{
    private readonly Component _component;
    private readonly int _across;
    private readonly int _down;
    private readonly bool _triangle;
    private readonly byte[] _row;
    private readonly int[] _columnSums;
    private int _repeated = -1;

    /// <summary>Takes the sampling ratios from the frame.</summary>
    public RowUpsampler(Component component, FrameHeader frame)
    {
        _component = component;
        _across = frame.LargestHorizontal / component.Horizontal;
        _down = frame.LargestVertical / component.Vertical;
        _triangle = (_across, _down) switch
        {
            (1, 2) => true,
            (2, 1) or (2, 2) => component.Width > 2,
            _ => false,
        };
        _row = new byte[component.Width * _across];
        _columnSums = new int[_triangle && _across == 2 && _down == 2 ? component.Width : 0];
    }

    /// <summary>A row of at least the image's width; valid until the next call.</summary>
    /// <param name="y">The image's row.</param>
    public ReadOnlySpan<byte> Row(int y)
    {
        int nearest = y / _down;
        if (_across == 1 && _down == 1)
        {
            return Samples(nearest);
        }

        if (!_triangle)
        {
            if (_repeated != nearest)
            {
                Repeat(Samples(nearest));
                _repeated = nearest;
            }

            return _row;
        }

        int next = Math.Clamp((y & 1) == 0 ? nearest - 1 : nearest + 1, 0, _component.Height - 1);
        switch (_across, _down)
        {
            case (2, 1):
                InterpolateAcross(Samples(nearest));
                break;
            case (1, 2):
                InterpolateDown(Samples(nearest), Samples(next), 1 + (y & 1));
                break;
            default:
                InterpolateBoth(Samples(nearest), Samples(next));
                break;
        }

        return _row;
    }

    private ReadOnlySpan<byte> Samples(int row) => _component.Samples.AsSpan(row * _component.Stride, _component.Width);

    private void Repeat(ReadOnlySpan<byte> samples)
    {
        for (int x = 0; x < samples.Length; x++)
        {
            _row.AsSpan(x * _across, _across).Fill(samples[x]);
        }
    }

    private void InterpolateAcross(ReadOnlySpan<byte> samples)
    {
        Span<byte> row = _row.AsSpan(0, 2 * samples.Length);
        int last = samples.Length - 1;
        row[0] = samples[0];
        row[1] = (byte)((3 * samples[0] + samples[1] + 2) >> 2);
        for (int x = 1; x < last; x++)
        {
            int near = 3 * samples[x];
            row[2 * x] = (byte)((near + samples[x - 1] + 1) >> 2);
            row[2 * x + 1] = (byte)((near + samples[x + 1] + 2) >> 2);
        }

        row[2 * last] = (byte)((3 * samples[last] + samples[last - 1] + 1) >> 2);
        row[2 * last + 1] = samples[last];
    }

    private void InterpolateDown(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int rounding)
    {
        Span<byte> row = _row.AsSpan(0, near.Length);
        far = far[..near.Length];
        for (int x = 0; x < near.Length; x++)
        {
            row[x] = (byte)((3 * near[x] + far[x] + rounding) >> 2);
        }
    }

    private void InterpolateBoth(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far)
    {
        Span<int> sums = _columnSums.AsSpan(0, near.Length);
        far = far[..near.Length];
        for (int x = 0; x < sums.Length; x++)
        {
            sums[x] = 3 * near[x] + far[x];
        }

        Span<byte> row = _row.AsSpan(0, 2 * sums.Length);
        int last = sums.Length - 1;
        row[0] = (byte)((4 * sums[0] + 8) >> 4);
        row[1] = (byte)((3 * sums[0] + sums[1] + 7) >> 4);
        for (int x = 1; x < last; x++)
        {
            int three = 3 * sums[x];
            row[2 * x] = (byte)((three + sums[x - 1] + 8) >> 4);
            row[2 * x + 1] = (byte)((three + sums[x + 1] + 7) >> 4);
        }

        row[2 * last] = (byte)((3 * sums[last] + sums[last - 1] + 8) >> 4);
        row[2 * last + 1] = (byte)((4 * sums[last] + 7) >> 4);
    }
}
