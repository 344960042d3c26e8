namespace SanityChecks.Imaging.Jpeg;

/// <summary>What a frame's components stand for.</summary>
internal enum ColorSpace
{
    /// <summary>Brightness.</summary>
    Gray,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Brightness and two colour differences (JFIF, ITU-R BT.601 at full range).</summary>
    YCbCr,

    /// <summary>Four inks, stored inverted as Adobe's programs do.</summary>
    Cmyk,

    /// <summary>As <see cref="Cmyk"/>, with the first three inks turned to YCbCr.</summary>
    Ycck,
}
