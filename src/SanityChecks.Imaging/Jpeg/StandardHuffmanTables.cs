namespace SanityChecks.Imaging.Jpeg;

/// <summary>The typical tables of ITU-T T.81 section K.3, which Motion JPEG frames leave out of the file.</summary>
internal static class StandardHuffmanTables
{
    private static readonly HuffmanTable s_luminanceDc = Table([0, 1, 5, 1, 1, 1, 1, 1, 1], "000102030405060708090A0B");

    private static readonly HuffmanTable s_chrominanceDc = Table([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1], "000102030405060708090A0B");

    private static readonly HuffmanTable s_luminanceAc = Table(
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
        "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A34" +
        "35363738393A434445464748494A535455565758595A636465666768696A737475767778797A838485868788898A9293949596" +
        "9798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1" +
        "F2F3F4F5F6F7F8F9FA");

    private static readonly HuffmanTable s_chrominanceAc = Table(
        [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
        "0001020311040521310612415107617113223281081442" +
        "91A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A434445464748494A535455565758595A" +
        "636465666768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9" +
        "BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA");

    /// <summary>The DC table of slot 0 (luminance) or 1 (chrominance); null for another slot.</summary>
    public static HuffmanTable? Dc(int slot) => slot switch { 0 => s_luminanceDc, 1 => s_chrominanceDc, _ => null };

    /// <summary>The AC table of slot 0 (luminance) or 1 (chrominance); null for another slot.</summary>
    public static HuffmanTable? Ac(int slot) => slot switch { 0 => s_luminanceAc, 1 => s_chrominanceAc, _ => null };

    private static HuffmanTable Table(ReadOnlySpan<byte> counts, string symbols)
    {
        Span<byte> allCounts = stackalloc byte[16];
        allCounts.Clear();
        counts.CopyTo(allCounts);
        return new HuffmanTable(allCounts, Convert.FromHexString(symbols), 0);
    }
}
