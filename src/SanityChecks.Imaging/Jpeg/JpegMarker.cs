namespace SanityChecks.Imaging.Jpeg;

/// <summary>Second bytes of the markers (the first is FF), ITU-T T.81 table B.1.</summary>
internal static class JpegMarker
{
    public const byte Tem = 0x01;
    public const byte BaselineFrame = 0xC0;
    public const byte ExtendedFrame = 0xC1;
    public const byte ProgressiveFrame = 0xC2;
    public const byte HuffmanTables = 0xC4;
    public const byte ArithmeticConditioning = 0xCC;
    public const byte FirstRestart = 0xD0;
    public const byte LastRestart = 0xD7;
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte QuantizationTables = 0xDB;
    public const byte NumberOfLines = 0xDC;
    public const byte RestartInterval = 0xDD;
    public const byte FirstApplication = 0xE0;
    public const byte Adobe = 0xEE;
    public const byte LastApplication = 0xEF;
    public const byte Comment = 0xFE;

    /// <summary>What a marker stands for that this decoder refuses, in words.</summary>
    public static string Unsupported(byte marker) => marker switch
    {
        0xC3 => "lossless JPEG is not supported",
        0xC5 or 0xC6 or 0xC7 or 0xDE or 0xDF => "hierarchical JPEG is not supported",
        0xC9 or 0xCA => "arithmetic-coded JPEG is not supported",
        0xCB => "lossless arithmetic-coded JPEG is not supported",
        0xCD or 0xCE or 0xCF => "hierarchical arithmetic-coded JPEG is not supported",
        _ => $"the reserved JPEG marker FF{marker:X2} is not supported",
    };
}
