namespace SanityChecks.Imaging.Jpeg;

/// <summary>What the application segments say of the colours; JPEG itself says nothing.</summary>
internal sealed class ColorHints
{
    private bool _jfif;
    private int? _adobeTransform;

    /// <summary>Takes an APP0 segment: JFIF, if it is one.</summary>
    public void ReadApplication0(ReadOnlySpan<byte> segment) => _jfif |= segment.Length >= 14 && segment.StartsWith("JFIF\0"u8);

    /// <summary>Takes an APP14 segment: Adobe's transform code, if it has one.</summary>
    public void ReadApplication14(ReadOnlySpan<byte> segment)
    {
        if (segment.Length >= 12 && segment.StartsWith("Adobe"u8))
        {
            _adobeTransform = segment[11];
        }
    }

    /// <summary>The colour space by libjpeg's rules: JFIF before Adobe before the components' names.</summary>
    public ColorSpace Of(FrameHeader frame) => frame.Components switch
    {
        [_] => ColorSpace.Gray,
        [{ Id: var a }, { Id: var b }, { Id: var c }] => (_jfif, _adobeTransform) switch
        {
            (true, _) => ColorSpace.YCbCr,
            (false, 0) => ColorSpace.Rgb,
            (false, null) when (a, b, c) == ((byte)'R', (byte)'G', (byte)'B') => ColorSpace.Rgb,
            _ => ColorSpace.YCbCr,
        },
        _ => _adobeTransform is null or 0 ? ColorSpace.Cmyk : ColorSpace.Ycck,
    };
}
