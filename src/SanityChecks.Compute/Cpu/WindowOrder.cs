namespace SanityChecks.Compute.Cpu;

/// <summary>The order in which a convolution adds its products: sixteen channels at a time, in them window position by position, there
/// channel by channel.</summary>
/// <remarks>Any order would do. This one keeps the products of a block near each other in the input, and a block's windows small enough for
/// the caches.</remarks>
internal readonly struct WindowOrder(int channels, int window)
{
    private const int Together = 16;

    /// <summary>How many products a packed block of the right matrix is deep: those of sixteen channels, or 384 of a 1 x 1
    /// window.</summary>
    public int Block => window == 1 ? 384 : Together * window;

    /// <summary>Channel and window position of the k-th product.</summary>
    public (int Channel, int Tap) At(int k)
    {
        (int group, int within) = Math.DivRem(k, Together * window);
        int first = group * Together, count = Math.Min(Together, channels - first);
        (int tap, int channel) = Math.DivRem(within, count);
        return (first + channel, tap);
    }
}
