namespace SanityChecks.Imaging.Jpeg;

/// <summary>One colour component of a frame: its header entry, its dimensions (ITU-T T.81 section A.1.1), and its decoded data.</summary>
internal sealed class Component
{
    /// <summary>The name by which scans refer to it.</summary>
    public required byte Id { get; init; }

    /// <summary>Sampling factors, 1 to 4: blocks in an MCU.</summary>
    public required int Horizontal { get; init; }

    /// <inheritdoc cref="Horizontal"/>
    public required int Vertical { get; init; }

    /// <summary>The slot of its quantization table.</summary>
    public required int QuantizationSlot { get; init; }

    /// <summary>Samples that count, without the padding to whole blocks.</summary>
    public int Width { get; private set; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; private set; }

    /// <summary>Blocks that hold samples that count; a scan of this component alone has just these.</summary>
    public int BlocksAcross => (Width + 7) / 8;

    /// <inheritdoc cref="BlocksAcross"/>
    public int BlocksDown => (Height + 7) / 8;

    /// <summary>Blocks a row with the padding to whole MCUs, which interleaved scans have.</summary>
    public int PaddedBlocksAcross { get; private set; }

    /// <inheritdoc cref="PaddedBlocksAcross"/>
    public int PaddedBlocksDown { get; private set; }

    /// <summary>Samples from one row of <see cref="Samples"/> to the next.</summary>
    public int Stride => 8 * PaddedBlocksAcross;

    /// <summary>Rows of <see cref="Stride"/> samples, padding included; empty until a scan or <see cref="AllocateSamples"/>.</summary>
    public byte[] Samples { get; private set; } = [];

    /// <summary>Coefficients of a progressive file, 64 a block, row-major within; empty until its first scan.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>Divisors, row-major: those in force at the component's first scan; null before it.</summary>
    public ushort[]? Quantization { get; private set; }

    /// <summary>What the progressive scans so far have told.</summary>
    public CoefficientPrecision Precision { get; } = new();

    /// <summary>Sets the dimensions.</summary>
    /// <param name="imageWidth">Width of the image in pixels.</param>
    /// <param name="imageHeight">Height of the image in pixels.</param>
    /// <param name="largestHorizontal">Largest horizontal factor of the frame's components.</param>
    /// <param name="largestVertical">Largest vertical factor of the frame's components.</param>
    public void SetSize(int imageWidth, int imageHeight, int largestHorizontal, int largestVertical)
    {
        Width = DivideUp(imageWidth * Horizontal, largestHorizontal);
        Height = DivideUp(imageHeight * Vertical, largestVertical);
        PaddedBlocksAcross = DivideUp(imageWidth, 8 * largestHorizontal) * Horizontal;
        PaddedBlocksDown = DivideUp(imageHeight, 8 * largestVertical) * Vertical;
    }

    /// <summary>Keeps the divisors for the component, unless an earlier scan did.</summary>
    /// <exception cref="ImageFormatException">The file has no such table so far.</exception>
    public void LatchQuantization(DecodingTables tables, int offset) =>
        Quantization ??= tables.Quantization(QuantizationSlot)
            ?? throw new ImageFormatException($"the scan uses quantization table {QuantizationSlot}, which the file does not have", offset);

    /// <summary>Makes room for the samples.</summary>
    public void AllocateSamples() => Samples = new byte[64L * PaddedBlocksAcross * PaddedBlocksDown];

    /// <summary>Makes room for the coefficients, all zero, on the first call.</summary>
    public void AllocateCoefficients()
    {
        if (Coefficients.Length == 0)
        {
            Coefficients = new short[64L * PaddedBlocksAcross * PaddedBlocksDown];
        }
    }

    /// <summary>Gives the coefficients back once the samples are made.</summary>
    public void ReleaseCoefficients() => Coefficients = [];

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
