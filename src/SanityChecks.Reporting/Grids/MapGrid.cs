using SanityChecks.Images;

namespace SanityChecks.Reporting.Grids;

/// <summary>A picture of many maps side by side: a row for each method or image, a column for each step, the original first.</summary>
/// <remarks>
/// Columns that do not fit side by side continue in further bands below, each with all rows, and with the first column again, so
/// that every map can be compared with the original next to it.
/// </remarks>
public sealed class MapGrid
{
    private readonly RgbImage?[,] tiles;
    private readonly string?[,] captions;

    /// <summary>An empty grid.</summary>
    /// <param name="rows">Titles of the rows, at least one; may be empty texts.</param>
    /// <param name="columns">Titles of the columns, at least one.</param>
    /// <exception cref="ArgumentException">There is no row or no column.</exception>
    public MapGrid(IReadOnlyList<string> rows, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        if (rows.Count == 0 || columns.Count == 0)
        {
            throw new ArgumentException($"A grid has at least one row and one column; given: {rows.Count} and {columns.Count}.");
        }

        Rows = [.. rows];
        Columns = [.. columns];
        tiles = new RgbImage?[rows.Count, columns.Count];
        captions = new string?[rows.Count, columns.Count];
    }

    /// <summary>Titles of the rows, from the top.</summary>
    public IReadOnlyList<string> Rows { get; }

    /// <summary>Titles of the columns, from the left.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The line at the top; none when empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>Smaller lines below the title, divided by line feeds; none when empty.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>What the maps are of, shown beside the title in the size of a tile; null for nothing.</summary>
    public RgbImage? Picture { get; init; }

    /// <summary>Pixels of the picture for each unit of its layout, 1 to 4; 2 keeps small text crisp.</summary>
    public int Scale { get; init; } = 2;

    /// <summary>Side of a tile in units, 16 to 1024; images of another size are resized to fit, and centered.</summary>
    public int TileSize { get; init; } = 112;

    /// <summary>Width in units that bands of columns are made to fit; a band has at least two columns even so.</summary>
    public int MaximumWidth { get; init; } = 1280;

    /// <summary>The scales explained at the bottom; none by default.</summary>
    public IReadOnlyList<ColorScale> Scales { get; init; } = [];

    /// <summary>Puts an image into the grid.</summary>
    /// <param name="row">Counted from 0.</param>
    /// <param name="column">Counted from 0.</param>
    /// <param name="tile">Any size; null for a map that is missing, which is drawn as an empty field.</param>
    /// <param name="caption">A short text below it, such as a score; cut off with an ellipsis where it is wider than the tile.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or column.</exception>
    public void Set(int row, int column, RgbImage? tile, string? caption = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns.Count);
        tiles[row, column] = tile;
        captions[row, column] = caption;
    }

    /// <summary>The picture, on white; the same pixels for the same content, everywhere.</summary>
    /// <exception cref="InvalidOperationException">The tile size or the scale is out of range, or the picture would exceed 200 million
    /// pixels.</exception>
    public RgbImage Draw()
    {
        if (TileSize is < 16 or > 1024)
        {
            throw new InvalidOperationException($"Tiles of {TileSize} units; 16 to 1024 are allowed.");
        }

        if (Scale is < 1 or > 4)
        {
            throw new InvalidOperationException($"A scale of {Scale}; 1 to 4 are allowed.");
        }

        return new MapGridPainter(this, MapGridLayout.Of(this)).Paint();
    }

    internal RgbImage? Tile(int row, int column) => tiles[row, column];

    internal string Caption(int row, int column) => captions[row, column] ?? "";

    internal bool HasCaptions => captions.Cast<string?>().Any(caption => !string.IsNullOrEmpty(caption));
}
