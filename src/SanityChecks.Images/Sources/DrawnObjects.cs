using System.Globalization;
using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>The table of objects that lies beside drawn pictures: a row for each, with its class, box and mask.</summary>
public static class DrawnObjects
{
    /// <summary>The table's name.</summary>
    public const string FileName = "objects.csv";

    // The table lies above the folder of the pictures, which holds one for each class.
    private const int LevelsAbove = 3;

    /// <summary>The table's header; pictures and masks are named by their paths relative to it.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["image", "mask", "class", "left", "top", "width", "height"];

    /// <summary>The table that has a row of a picture; null where there is none.</summary>
    /// <param name="image">The picture's path.</param>
    internal static string? TableOf(string image)
    {
        string path = Path.GetFullPath(image);
        string? folder = Path.GetDirectoryName(path);
        for (int level = 0; level < LevelsAbove && folder is not null; level++, folder = Path.GetDirectoryName(folder))
        {
            string table = Path.Combine(folder, FileName);

            // Other programs have tables of this name, too.
            if (File.Exists(table) && CsvFile.Header(table).SequenceEqual(Columns) && RowsOf(table, path).Any())
            {
                return table;
            }
        }

        return null;
    }

    /// <summary>Reads the objects of a picture.</summary>
    /// <param name="table">The table.</param>
    /// <param name="image">The picture's path.</param>
    /// <param name="size">Its size.</param>
    /// <exception cref="InputException">The table is damaged, or a mask is missing, cannot be read or has another size.</exception>
    internal static ImageTruth Read(string table, string image, (int Width, int Height) size) =>
        new(size.Width, size.Height, [.. RowsOf(table, Path.GetFullPath(image)).Select(row => new TrueObject(
            row.Class, row.Box, MaskOf(Path.Combine(Path.GetDirectoryName(table)!, row.Mask), size)))]);

    private static IEnumerable<Row> RowsOf(string table, string path)
    {
        string name = Path.GetRelativePath(Path.GetDirectoryName(table)!, path).Replace('\\', '/');
        return CsvFile.Rows(table, Columns, Parse).Select(one => one.Row).Where(row => row.Image == name);
    }

    private static Row Parse(IReadOnlyList<string> cells) => cells.Count == Columns.Count
        ? new Row(cells[0], cells[1], cells[2], new PixelBox(Number(cells[3]), Number(cells[4]), Number(cells[5]), Number(cells[6])))
        : throw new FormatException($"a row has {Columns.Count} cells, not {cells.Count}");

    private static int Number(string cell) => int.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool[] MaskOf(string path, (int Width, int Height) size)
    {
        try
        {
            RgbImage mask = ImageFile.Load(path);
            return (mask.Width, mask.Height) == size
                ? MaskPicture.Read(mask)
                : throw new InputException(FormattableString.Invariant(
                    $"{path}: the mask has {mask.Width} x {mask.Height} pixels, its picture {size.Width} x {size.Height}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ImageFormatException)
        {
            throw new InputException($"{path}: the mask cannot be read: {error.Message}", error);
        }
    }

    private sealed record Row(string Image, string Mask, string Class, PixelBox Box);
}
