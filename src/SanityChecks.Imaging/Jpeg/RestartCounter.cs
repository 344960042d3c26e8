namespace SanityChecks.Imaging.Jpeg;

/// <summary>Counts MCUs between restart markers (ITU-T T.81 section E.2.4).</summary>
internal struct RestartCounter
{
    private readonly int _interval;
    private int _left;
    private int _number;

    /// <summary>Starts a scan.</summary>
    /// <param name="interval">MCUs from one marker to the next; 0: no markers.</param>
    public RestartCounter(int interval)
    {
        _interval = interval;
        _left = interval;
    }

    /// <summary>Call it before each MCU: takes the restart marker if one is due.</summary>
    /// <returns>Whether it did, so that predictions and runs start anew.</returns>
    /// <exception cref="ImageFormatException">The marker is not there.</exception>
    public bool Restarts(ref BitReader bits)
    {
        if (_interval == 0 || _left-- > 0)
        {
            return false;
        }

        bits.Restart(_number);
        _number = (_number + 1) & 7;
        _left = _interval - 1;
        return true;
    }
}
