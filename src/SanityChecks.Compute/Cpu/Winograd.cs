namespace SanityChecks.Compute.Cpu;

/// <summary>Which convolutions go to <see cref="WinogradConvolution{TTile}"/>, and with which tiles.</summary>
/// <remarks>
/// On the way forward a sum decides which way a ReLU or a maximum goes, and the exact tiles are worth their products. A gradient decides
/// nothing, and takes the fast ones.
/// </remarks>
internal static class Winograd
{
    // Below this, transforming takes longer than the products that it saves.
    private const int FewestChannels = 16;

    // From here on the large tiles' products pay for what they cost in exactness.
    private const int FewestForLargeTiles = 256;

    /// <summary>Whether this is the fastest way; which one it is depends on the shapes alone.</summary>
    public static bool Serves(Shape weight, ConvolutionGeometry geometry) =>
        weight[2] == 3 && weight[3] == 3 && geometry is { StrideY: 1, StrideX: 1, Groups: 1, PaddingY: <= 2, PaddingX: <= 2 }
        && weight[0] >= FewestChannels && weight[1] >= FewestChannels;

    /// <summary>The convolution itself; see <see cref="WinogradConvolution{TTile}.Run"/>.</summary>
    public static void Forward(
        Cores cores, HostTensor input, HostTensor weight, (int Y, int X) padding, HostTensor? bias, Activation activation,
        HostTensor output)
    {
        if (Math.Min(weight.Shape[0], weight.Shape[1]) >= FewestForLargeTiles)
        {
            WinogradConvolution<LargeTile>.Run(
                cores, WinogradFilters<LargeTile>.Forward(weight, cores), input, padding, bias, activation, output);
        }
        else
        {
            WinogradConvolution<SmallTile>.Run(
                cores, WinogradFilters<SmallTile>.Forward(weight, cores), input, padding, bias, activation, output);
        }
    }

    /// <summary>Its input gradient.</summary>
    public static void InputGradient(
        Cores cores, HostTensor outputGradient, HostTensor weight, (int Y, int X) padding, HostTensor gradient) =>
        WinogradConvolution<LargeTile>.Run(
            cores, WinogradFilters<LargeTile>.Transposed(weight, cores), outputGradient, padding, null, Activation.None, gradient);
}
