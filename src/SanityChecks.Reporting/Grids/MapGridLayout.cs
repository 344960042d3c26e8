using SanityChecks.Images;

namespace SanityChecks.Reporting.Grids;

/// <summary>Where everything of a grid goes, in units: one or more pixels (<see cref="MapGrid.Scale"/>).</summary>
/// <param name="Bands">The columns of each band, from the left.</param>
/// <param name="Slanted">Whether titles of columns rise to the right, since not every one fits above its column.</param>
/// <param name="RowTitleWidth">Width of the row titles; 0 when all are empty.</param>
/// <param name="HeaderHeight">Height of the column titles.</param>
/// <param name="Overhang">How far the last diagonal title reaches beyond its column.</param>
/// <param name="CaptionHeight">Height of the captions; 0 when there are none.</param>
internal sealed record MapGridLayout(
    List<int[]> Bands, bool Slanted, int RowTitleWidth, int HeaderHeight, int Overhang, int CaptionHeight)
{
    /// <summary>White around everything.</summary>
    public const int Margin = 24;

    /// <summary>Between two tiles.</summary>
    public const int Gap = 8;

    /// <summary>Between the repeated first column and the others; a line runs in its middle.</summary>
    public const int FirstColumnGap = 20;

    /// <summary>Between two bands; a line runs in its middle.</summary>
    public const int BandGap = 36;

    /// <summary>Between two lines of one title.</summary>
    public const int LineHeight = 16;

    /// <summary>Between row titles and tiles, and between column titles and tiles.</summary>
    public const int TitleGap = 10;

    /// <summary>Titles of rows and columns.</summary>
    public static TextStyle TitleStyle { get; } = new(13, new Rgb(33, 37, 41));

    private const int WidestRowTitle = 150;

    private const int MostHeaderLines = 3;

    /// <summary>Computes the layout.</summary>
    public static MapGridLayout Of(MapGrid grid)
    {
        int rowTitles = grid.Rows.Max(title =>
            TextBlock.Wrap(title, WidestRowTitle, TitleStyle).Max(line => line.Length == 0 ? 0 : TitleStyle.Measure(line)));
        int left = Margin + (rowTitles == 0 ? 0 : rowTitles + TitleGap);
        bool fits = grid.Columns.All(title =>
            TextBlock.WidestPart(title, TitleStyle) <= grid.TileSize
                && TextBlock.Wrap(title, grid.TileSize, TitleStyle).Count <= MostHeaderLines);
        int longest = grid.Columns.Max(title => TitleStyle.Measure(title));
        int slanted = (int)Math.Ceiling((longest + TitleStyle.CapitalHeight) * Math.Sqrt(0.5));
        int height = fits ? LineHeight * grid.Columns.Max(title => TextBlock.Wrap(title, grid.TileSize, TitleStyle).Count) : slanted;
        int overhang = fits ? 0 : Math.Max(0, slanted - (grid.TileSize / 2));
        int reserved = left + overhang + Margin + (SetsFirstOff(grid) ? FirstColumnGap - Gap : 0);
        int fit = Math.Max(2, (grid.MaximumWidth - reserved + Gap) / (grid.TileSize + Gap));
        return new MapGridLayout(Split(grid, fit), !fits, rowTitles, height, overhang, grid.HasCaptions ? 20 : 0);
    }

    /// <summary>Left edge of the tiles.</summary>
    public int Left => Margin + (RowTitleWidth == 0 ? 0 : RowTitleWidth + TitleGap);

    /// <summary>Left edge of a band's column, relative to the first.</summary>
    public int ColumnOffset(MapGrid grid, int position) =>
        (position * (grid.TileSize + Gap)) + (position > 0 && SetsFirstOff(grid) ? FirstColumnGap - Gap : 0);

    /// <summary>Distance between the top edges of two rows.</summary>
    public int RowPitch(MapGrid grid) => grid.TileSize + CaptionHeight + Gap;

    /// <summary>Height of a band from the top of its column titles.</summary>
    public int BandHeight(MapGrid grid) => HeaderHeight + TitleGap + (grid.Rows.Count * RowPitch(grid)) - Gap;

    /// <summary>Whether a line divides the first column from the others.</summary>
    public static bool SetsFirstOff(MapGrid grid) => grid.Columns.Count > 1;

    // As few bands as possible, and these as equal as possible.
    private static List<int[]> Split(MapGrid grid, int fit)
    {
        if (grid.Columns.Count <= fit)
        {
            return Balanced([.. Enumerable.Range(0, grid.Columns.Count)], fit);
        }

        List<int[]> others = Balanced([.. Enumerable.Range(1, grid.Columns.Count - 1)], fit - 1);
        return [.. others.Select(band => (int[])[0, .. band])];
    }

    private static List<int[]> Balanced(int[] columns, int fit)
    {
        int bands = (columns.Length + fit - 1) / fit;
        int each = (columns.Length + bands - 1) / bands;
        return [.. columns.Chunk(each)];
    }
}
