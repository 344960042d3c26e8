namespace SanityChecks.Imaging.Drawing;

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

    private static readonly TextStyle Heading = new(20, new Rgb(33, 37, 41), 1.25);
    private static readonly TextStyle SubheadingStyle = new(13, Faint);
    private static readonly TextStyle CaptionStyle = new(12, Faint);

    private const int PictureGap = 18;

    private string[] Subtitle => grid.Subtitle.Length == 0 ? [] : grid.Subtitle.Split('\n');

    private int TextHeight => (grid.Title.Length > 0 ? 30 : 0) + (20 * Subtitle.Length);

    private int HeadHeight => Math.Max(TextHeight, grid.Picture is null ? 0 : grid.TileSize) is var height and > 0 ? height + 18 : 0;

    private int HeadLeft => MapGridLayout.Margin + (grid.Picture is null ? 0 : grid.TileSize + PictureGap);

    /// <summary>The whole picture.</summary>
    /// <exception cref="InvalidOperationException">It would exceed 200 million pixels.</exception>
    public RgbImage Paint()
    {
        int columns = layout.Bands.Max(band => band.Length);
        int tilesWidth = layout.ColumnOffset(grid, columns - 1) + grid.TileSize + layout.Overhang;
        int headWidth = Math.Max(Measure(grid.Title, Heading), Subtitle.Select(line => Measure(line, SubheadingStyle)).DefaultIfEmpty().Max());
        int legendWidth = grid.Scales.Count == 0 ? 0 : LegendWidth();
        int width = Math.Max(layout.Left + Math.Max(tilesWidth, legendWidth), HeadLeft + headWidth) + MapGridLayout.Margin;
        long height = (2L * MapGridLayout.Margin) + HeadHeight + ((long)layout.Bands.Count * layout.BandHeight(grid))
            + ((layout.Bands.Count - 1) * MapGridLayout.BandGap) + (grid.Scales.Count == 0 ? 0 : LegendHeight);
        if (width * height > ImageLimits.MaximumPixels)
        {
            throw new InvalidOperationException($"The grid would have {width} x {height} pixels; the limit is {ImageLimits.MaximumPixels} pixels.");
        }

        Canvas canvas = new(width, (int)height, Rgb.White);
        int y = MapGridLayout.Margin;
        PaintHead(canvas, y);
        y += HeadHeight;
        for (int band = 0; band < layout.Bands.Count; band++)
        {
            if (band > 0)
            {
                canvas.Fill(MapGridLayout.Margin, y - (MapGridLayout.BandGap / 2), width - (2 * MapGridLayout.Margin), 1, Hairline);
            }

            PaintBand(canvas, layout.Bands[band], y);
            y += layout.BandHeight(grid) + MapGridLayout.BandGap;
        }

        PaintLegend(canvas, y - MapGridLayout.BandGap + LegendHeight - LegendBarHeight);
        return canvas.ToImage();
    }

    private static int Measure(string text, TextStyle style) => text.Length == 0 ? 0 : TextLine.Measure(text, style);

    private void PaintHead(Canvas canvas, int y)
    {
        if (grid.Picture is not null)
        {
            PaintFitted(canvas, grid.Picture, MapGridLayout.Margin, y);
            y += Math.Max(0, (grid.TileSize - TextHeight) / 2);
        }

        if (grid.Title.Length > 0)
        {
            TextLine.Draw(canvas, grid.Title, HeadLeft, y + 18, Heading);
            y += 30;
        }

        foreach (string line in Subtitle)
        {
            TextLine.Draw(canvas, line, HeadLeft, y + 12, SubheadingStyle);
            y += 20;
        }
    }

    private void PaintBand(Canvas canvas, int[] columns, int top)
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
            canvas.Fill(x, tilesTop, 1, (grid.Rows.Count * layout.RowPitch(grid)) - MapGridLayout.Gap, Hairline);
        }
    }

    private void PaintColumnTitle(Canvas canvas, string title, int x, int bottom)
    {
        TextStyle style = MapGridLayout.TitleStyle;
        int middle = x + (grid.TileSize / 2);
        switch (layout.Direction)
        {
            case HeaderDirection.Diagonal:
                TextLine.Draw(canvas, title, middle, bottom, style, TextDirection.Diagonal);
                break;
            case HeaderDirection.Vertical:
                TextLine.Draw(canvas, title, middle + (style.SmallHeight / 2) + 1, bottom, style, TextDirection.Up);
                break;
            default:
                List<string> lines = TextBlock.Wrap(title, grid.TileSize, style);
                for (int i = 0; i < lines.Count; i++)
                {
                    int baseline = bottom - style.TailDepth - ((lines.Count - 1 - i) * MapGridLayout.LineHeight);
                    TextLine.Draw(canvas, lines[i], middle - (TextLine.Measure(lines[i], style) / 2), baseline, style);
                }

                break;
        }
    }

    private void PaintRowTitle(Canvas canvas, string title, int tileTop)
    {
        TextStyle style = MapGridLayout.TitleStyle;
        List<string> lines = TextBlock.Wrap(title, Math.Max(1, layout.RowTitleWidth), style);
        int first = tileTop + ((grid.TileSize + style.CapitalHeight - ((lines.Count - 1) * MapGridLayout.LineHeight)) / 2);
        for (int i = 0; i < lines.Count; i++)
        {
            TextLine.Draw(canvas, lines[i], MapGridLayout.Margin, first + (i * MapGridLayout.LineHeight), style);
        }
    }

    private void PaintTile(Canvas canvas, int row, int column, int x, int y)
    {
        int size = grid.TileSize;
        RgbImage? tile = grid.Tile(row, column);
        if (tile is null)
        {
            canvas.Fill(x, y, size, size, EmptyField);
            canvas.Outline(x, y, size, size, Hairline);
            PaintCentered(canvas, "–", x, y + (size / 2) + 4);
        }
        else
        {
            PaintFitted(canvas, tile, x, y);
        }

        PaintCentered(canvas, TextBlock.Shorten(grid.Caption(row, column), size, CaptionStyle), x, y + size + 14);
    }

    private void PaintFitted(Canvas canvas, RgbImage image, int x, int y)
    {
        RgbImage fitted = Fit(image, grid.TileSize);
        int left = x + ((grid.TileSize - fitted.Width) / 2);
        int top = y + ((grid.TileSize - fitted.Height) / 2);
        canvas.Draw(fitted, left, top);

        // Around the image, not on it: no pixel of a map is lost.
        canvas.Outline(left - 1, top - 1, fitted.Width + 2, fitted.Height + 2, TileEdge);
    }

    private void PaintCentered(Canvas canvas, string text, int x, int baseline) =>
        TextLine.Draw(canvas, text, x + ((grid.TileSize - TextLine.Measure(text, CaptionStyle)) / 2), baseline, CaptionStyle);

    private static RgbImage Fit(RgbImage image, int size)
    {
        double scale = (double)size / Math.Max(image.Width, image.Height);
        int width = Math.Max(1, (int)Math.Round(image.Width * scale));
        int height = Math.Max(1, (int)Math.Round(image.Height * scale));
        return BilinearResize.Resize(image, width, height);
    }

    private int LegendWidth() => grid.Scales.Sum(EntryWidth) + ((grid.Scales.Count - 1) * MapGridLayout.Margin);

    private static int EntryWidth(ColorScale scale) =>
        Measure(scale.Subject, MapGridLayout.TitleStyle) + Measure(scale.Low, CaptionStyle) + LegendBarWidth + Measure(scale.High, CaptionStyle)
        + ((scale.Subject.Length > 0 ? 3 : 2) * MapGridLayout.Gap);

    private void PaintLegend(Canvas canvas, int y)
    {
        int x = layout.Left;
        foreach (ColorScale scale in grid.Scales)
        {
            int at = x;
            Write(scale.Subject, MapGridLayout.TitleStyle);
            Write(scale.Low, CaptionStyle);
            for (int i = 0; i < LegendBarWidth; i++)
            {
                canvas.Fill(at + i, y, 1, LegendBarHeight, scale.Colors.At((i + 0.5f) / LegendBarWidth));
            }

            canvas.Outline(at - 1, y - 1, LegendBarWidth + 2, LegendBarHeight + 2, TileEdge);
            at += LegendBarWidth + MapGridLayout.Gap;
            Write(scale.High, CaptionStyle);
            x += EntryWidth(scale) + MapGridLayout.Margin;

            void Write(string text, TextStyle style)
            {
                if (text.Length > 0)
                {
                    TextLine.Draw(canvas, text, at, y + LegendBarHeight, style);
                    at += TextLine.Measure(text, style) + MapGridLayout.Gap;
                }
            }
        }
    }
}
