namespace SanityChecks.Imaging.Jpeg;

/// <summary>How precisely a component's coefficients are known after the progressive scans so far (ITU-T T.81 section G.1.1.1).</summary>
internal sealed class CoefficientPrecision
{
    private readonly sbyte[] _missingBits = new sbyte[64];

    /// <summary>Starts with nothing known.</summary>
    public CoefficientPrecision() => _missingBits.AsSpan().Fill(-1);

    /// <summary>Low bits still missing of a coefficient, by zigzag position: 0 when it is exact, -1 when no scan has held it.</summary>
    public int MissingBits(int position) => _missingBits[position];

    /// <summary>Records a scan.</summary>
    /// <exception cref="ImageFormatException">The scan repeats or leaves out bits, or AC coefficients come before DC.</exception>
    public void Take(ScanHeader scan)
    {
        if (scan.First > 0 && _missingBits[0] < 0)
        {
            throw new ImageFormatException("a progressive scan brings AC coefficients before DC", scan.Offset);
        }

        foreach (ref sbyte missing in _missingBits.AsSpan(scan.First, scan.Last - scan.First + 1))
        {
            if (missing != (scan.IsRefinement ? scan.HighBit : -1))
            {
                throw new ImageFormatException("a progressive scan repeats or skips bits of a coefficient", scan.Offset);
            }

            missing = (sbyte)scan.LowBit;
        }
    }
}
