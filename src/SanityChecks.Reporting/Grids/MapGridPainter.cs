using SanityChecks.Images;
using SkiaSharp;

namespace SanityChecks.Reporting.Grids;

/// <summary>Draws a grid as its layout says.</summary>
internal sealed class MapGridPainter(MapGrid grid, MapGridLayout layout)
{
    private const int LegendBarWidth = 160;
    private const int LegendBarHeight = 10;
    private const int LegendHeight = 46;

    private static readonly Rgb Hairline = new(222, 226, 230);
    private static readonly Rgb TileEdge = new(206, 212, 218);
    private static readonly Rgb EmptyField = new(246, 247, 248);
    private static readonly Rgb Faint = new(108, 117, 125);

    private static readonly TextStyle Heading = new(20, new Rgb(33, 37, 41), semibold: true);
    private static readonly TextStyle SubheadingStyle = new(13, Faint);
    private static readonly TextStyle CaptionStyle = new(12, Faint);

    private const int PictureGap = 18, TitleHeight = 30, SubtitleHeight = 20;

    // Narrow grids have more text than fits above their tiles.
    private const int NarrowestHead = 480;

    private readonly List<string> title = Lines(grid, layout, grid.Title, Heading);

    private readonly List<string> subtitle =
        [.. grid.Subtitle.Split('\n').SelectMany(line => Lines(grid, layout, line, SubheadingStyle))];

    private int TextHeight => (TitleHeight * title.Count) + (SubtitleHeight * subtitle.Count);

    private int HeadHeight => Math.Max(TextHeight, grid.Picture is null ? 0 : grid.TileSize) is var height and > 0 ? height + 18 : 0;

    private int HeadLeft => LeftOfHead(grid);

    /// <summary>The whole picture.</summary>
    /// <exception cref="InvalidOperationException">It would exceed 200 million pixels.</exception>
    public RgbImage Paint()
    {
        int tilesWidth = TilesWidth(grid, layout);
        int headWidth = Math.Max(
            title.Select(line => Heading.Measure(line)).DefaultIfEmpty().Max(),
            subtitle.Select(line => SubheadingStyle.Measure(line)).DefaultIfEmpty().Max());
        int legendWidth = LegendWidth(grid);
        int width = Math.Max(layout.Left + Math.Max(tilesWidth, legendWidth), HeadLeft + headWidth) + MapGridLayout.Margin;
        long height = (2L * MapGridLayout.Margin) + HeadHeight + ((long)layout.Bands.Count * layout.BandHeight(grid))
            + ((layout.Bands.Count - 1) * MapGridLayout.BandGap) + (grid.Scales.Count == 0 ? 0 : LegendHeight);
        if (width * height * grid.Scale * grid.Scale > ImageFile.MaximumPixels)
        {
            throw new InvalidOperationException(
                $"The grid would have {width * grid.Scale} x {height * grid.Scale} pixels; the limit is {ImageFile.MaximumPixels} pixels.");
        }

        using SKBitmap picture = SkiaPixels.Create(width * grid.Scale, (int)height * grid.Scale);
        using SKCanvas canvas = new(picture);
        canvas.Clear(SKColors.White);
        canvas.Scale(grid.Scale);
        int y = MapGridLayout.Margin;
        PaintHead(canvas, y);
        y += HeadHeight;
        for (int band = 0; band < layout.Bands.Count; band++)
        {
            if (band > 0)
            {
                Fill(canvas, MapGridLayout.Margin, y - (MapGridLayout.BandGap / 2), width - (2 * MapGridLayout.Margin), 1, Hairline);
            }

            PaintBand(canvas, layout.Bands[band], y);
            y += layout.BandHeight(grid) + MapGridLayout.BandGap;
        }

        PaintLegend(canvas, y - MapGridLayout.BandGap + LegendHeight - LegendBarHeight);
        canvas.Flush();
        return SkiaPixels.ToImage(picture);
    }

    private void PaintHead(SKCanvas canvas, int y)
    {
        if (grid.Picture is not null)
        {
            PaintFitted(canvas, grid.Picture, MapGridLayout.Margin, y);
            y += Math.Max(0, (grid.TileSize - TextHeight) / 2);
        }

        foreach (string line in title)
        {
            Heading.Draw(canvas, line, HeadLeft, y + 18);
            y += TitleHeight;
        }

        foreach (string line in subtitle)
        {
            SubheadingStyle.Draw(canvas, line, HeadLeft, y + 12);
            y += SubtitleHeight;
        }
    }

    /// <summary>The lines of a text beside the picture, no longer than what is below reaches.</summary>
    private static List<string> Lines(MapGrid grid, MapGridLayout layout, string text, TextStyle style) => text.Length == 0
        ? []
        : TextBlock.Wrap(
            text,
            Math.Max(NarrowestHead, layout.Left + Math.Max(TilesWidth(grid, layout), LegendWidth(grid)) - LeftOfHead(grid)), style);

    private static int TilesWidth(MapGrid grid, MapGridLayout layout) =>
        layout.ColumnOffset(grid, layout.Bands.Max(band => band.Length) - 1) + grid.TileSize + layout.Overhang;

    private static int LeftOfHead(MapGrid grid) => MapGridLayout.Margin + (grid.Picture is null ? 0 : grid.TileSize + PictureGap);

    private void PaintBand(SKCanvas canvas, int[] columns, int top)
    {
        int tilesTop = top + layout.HeaderHeight + MapGridLayout.TitleGap;
        for (int i = 0; i < columns.Length; i++)
        {
            int x = layout.Left + layout.ColumnOffset(grid, i);
            PaintColumnTitle(canvas, grid.Columns[columns[i]], x, top + layout.HeaderHeight);
            for (int row = 0; row < grid.Rows.Count; row++)
            {
                PaintTile(canvas, row, columns[i], x, tilesTop + (row * layout.RowPitch(grid)));
            }
        }

        for (int row = 0; row < grid.Rows.Count; row++)
        {
            PaintRowTitle(canvas, grid.Rows[row], tilesTop + (row * layout.RowPitch(grid)));
        }

        if (MapGridLayout.SetsFirstOff(grid))
        {
            int x = layout.Left + grid.TileSize + (MapGridLayout.FirstColumnGap / 2);
            Fill(canvas, x, tilesTop, 1, (grid.Rows.Count * layout.RowPitch(grid)) - MapGridLayout.Gap, Hairline);
        }
    }

    private void PaintColumnTitle(SKCanvas canvas, string title, int x, int bottom)
    {
        TextStyle style = MapGridLayout.TitleStyle;
        int middle = x + (grid.TileSize / 2);
        if (layout.Slanted)
        {
            style.Draw(canvas, title, middle, bottom, rising: 45);
            return;
        }

        List<string> lines = TextBlock.Wrap(title, grid.TileSize, style);
        for (int i = 0; i < lines.Count; i++)
        {
            int baseline = bottom - style.TailDepth - ((lines.Count - 1 - i) * MapGridLayout.LineHeight);
            style.Draw(canvas, lines[i], middle - (style.Measure(lines[i]) / 2), baseline);
        }
    }

    private void PaintRowTitle(SKCanvas canvas, string title, int tileTop)
    {
        TextStyle style = MapGridLayout.TitleStyle;
        List<string> lines = TextBlock.Wrap(title, Math.Max(1, layout.RowTitleWidth), style);
        int first = tileTop + ((grid.TileSize + style.CapitalHeight - ((lines.Count - 1) * MapGridLayout.LineHeight)) / 2);
        for (int i = 0; i < lines.Count; i++)
        {
            style.Draw(canvas, lines[i], MapGridLayout.Margin, first + (i * MapGridLayout.LineHeight));
        }
    }

    private void PaintTile(SKCanvas canvas, int row, int column, int x, int y)
    {
        int size = grid.TileSize;
        RgbImage? tile = grid.Tile(row, column);
        if (tile is null)
        {
            Fill(canvas, x, y, size, size, EmptyField);
            Outline(canvas, x, y, size, size, Hairline);
            PaintCentered(canvas, "–", x, y + (size / 2) + 4);
        }
        else
        {
            PaintFitted(canvas, tile, x, y);
        }

        PaintCentered(canvas, TextBlock.Shorten(grid.Caption(row, column), size, CaptionStyle), x, y + size + 14);
    }

    private void PaintFitted(SKCanvas canvas, RgbImage image, int x, int y)
    {
        // In pixels of the picture, so that a map of the tile's size is copied, not drawn anew.
        int side = grid.TileSize * grid.Scale;
        RgbImage fitted = Fit(image, side);
        int left = (x * grid.Scale) + ((side - fitted.Width) / 2), top = (y * grid.Scale) + ((side - fitted.Height) / 2);
        using SKBitmap bitmap = SkiaPixels.Of(fitted);
        using var restored = new SKAutoCanvasRestore(canvas);
        canvas.ResetMatrix();
        canvas.DrawBitmap(bitmap, left, top, SKSamplingOptions.Default);

        // Around the image, not on it: no pixel of a map is lost.
        Outline(
            canvas, left - grid.Scale, top - grid.Scale, fitted.Width + (2 * grid.Scale), fitted.Height + (2 * grid.Scale), TileEdge,
            grid.Scale);
    }

    private void PaintCentered(SKCanvas canvas, string text, int x, int baseline) =>
        CaptionStyle.Draw(canvas, text, x + ((grid.TileSize - CaptionStyle.Measure(text)) / 2), baseline);

    private static RgbImage Fit(RgbImage image, int size)
    {
        double scale = (double)size / Math.Max(image.Width, image.Height);
        int width = Math.Max(1, (int)Math.Round(image.Width * scale));
        int height = Math.Max(1, (int)Math.Round(image.Height * scale));
        return BilinearResize.Resize(image, width, height);
    }

    private static int LegendWidth(MapGrid grid) =>
        grid.Scales.Count == 0 ? 0 : grid.Scales.Sum(EntryWidth) + ((grid.Scales.Count - 1) * MapGridLayout.Margin);

    private static int EntryWidth(ColorScale scale) =>
        MapGridLayout.TitleStyle.Measure(scale.Subject) + CaptionStyle.Measure(scale.Low) + LegendBarWidth + CaptionStyle.Measure(
            scale.High)
        + ((scale.Subject.Length > 0 ? 3 : 2) * MapGridLayout.Gap);

    private void PaintLegend(SKCanvas canvas, int y)
    {
        int x = layout.Left;
        foreach (ColorScale scale in grid.Scales)
        {
            int at = x;
            Write(scale.Subject, MapGridLayout.TitleStyle);
            Write(scale.Low, CaptionStyle);
            for (int i = 0; i < LegendBarWidth; i++)
            {
                Fill(canvas, at + i, y, 1, LegendBarHeight, scale.Colors.At((i + 0.5f) / LegendBarWidth));
            }

            Outline(canvas, at - 1, y - 1, LegendBarWidth + 2, LegendBarHeight + 2, TileEdge);
            at += LegendBarWidth + MapGridLayout.Gap;
            Write(scale.High, CaptionStyle);
            x += EntryWidth(scale) + MapGridLayout.Margin;

            void Write(string text, TextStyle style)
            {
                if (text.Length > 0)
                {
                    style.Draw(canvas, text, at, y + LegendBarHeight);
                    at += style.Measure(text) + MapGridLayout.Gap;
                }
            }
        }
    }

    private static void Fill(SKCanvas canvas, float x, float y, float width, float height, Rgb color)
    {
        using var paint = new SKPaint { Color = new SKColor(color.Red, color.Green, color.Blue) };
        canvas.DrawRect(x, y, width, height, paint);
    }

    /// <summary>Draws the border of a rectangle, inside of it.</summary>
    private static void Outline(SKCanvas canvas, float x, float y, float width, float height, Rgb color, float thickness = 1)
    {
        using var paint = new SKPaint
        {
            Color = new SKColor(color.Red, color.Green, color.Blue),
            Style = SKPaintStyle.Stroke,
            StrokeWidth = thickness,
        };
        canvas.DrawRect(x + (thickness / 2), y + (thickness / 2), width - thickness, height - thickness, paint);
    }
}
