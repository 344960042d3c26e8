namespace SanityChecks.Imaging.Png;

/// <summary>A grid of pixels that a file stores as one small image: every <c>StepX</c>-th from column <c>X</c>, and so for rows.</summary>
internal readonly record struct InterlacePass(int X, int Y, int StepX, int StepY)
{
    /// <summary>The passes of Adam7 (PNG specification, section 8.2), or the one pass of an image that is not interlaced.</summary>
    public static ReadOnlySpan<InterlacePass> Of(PngHeader header) => header.Interlaced ? Adam7 : Single;

    /// <summary>Pixels a row of the small image; 0 where the whole image is too narrow for the pass.</summary>
    public int Columns(PngHeader header) => (header.Width - X + StepX - 1) / StepX;

    /// <summary>Rows of the small image; 0 where the whole image is too low for the pass.</summary>
    public int Rows(PngHeader header) => (header.Height - Y + StepY - 1) / StepY;

    private static readonly InterlacePass[] Single = [new(0, 0, 1, 1)];

    private static readonly InterlacePass[] Adam7 =
    [
        new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2),
    ];
}
