using System.CommandLine;
using System.Globalization;
using System.Text;
using SanityChecks.Images;
using SanityChecks.Images.Shapes;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;

namespace SanityChecks.Cli;

/// <summary>Writes scenes of the data set Shapes as files, with their truth beside them, for other programs and for the eye.</summary>
internal static class ShapesCommand
{
    public const string Name = "shapes";

    private const int LargestSize = 4096, SheetColumns = 6;

    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many scenes.", HelpName = "N", DefaultValueFactory = _ => 24 };
        var size = new Option<int>("--size") { Description = "Pixels a side.", HelpName = "N", DefaultValueFactory = _ => 224 };
        var seed = new Option<ulong>("--seed")
        {
            Description = "The seed, as in a configuration.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var split = new Option<string>("--split")
        {
            Description = "Which scenes: study (those of experiments), train, validation, or any other name.",
            HelpName = "NAME",
            DefaultValueFactory = _ => ShapeScenes.StudySplit,
        };
        var pairs = new Option<bool>("--pairs") { Description = "Two objects of different classes in each scene." };
        var output = new Option<string>("--out")
        {
            Description = "A new folder for the files.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "results/shapes",
        };
        var command = new Command(Name, "Writes drawn scenes: images/ with a folder for each class, masks/ likewise, objects.csv with class and box, and sheet.png to look at.")
        {
            count, size, seed, split, pairs, output,
        };
        command.SetAction((parsed, cancel) =>
        {
            int number = Checked("--count", parsed.GetValue(count), 1, 1_000_000);
            int side = Checked("--size", parsed.GetValue(size), ShapeScenes.SmallestSize, LargestSize);
            string folder = parsed.GetValue(output)!;
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            {
                throw new InputException($"The folder {folder} holds files already; give another one with --out, or delete it.");
            }

            Func<ulong, string, long, int, ShapeScene> draw = parsed.GetValue(pairs) ? ShapeScenes.DrawPair : ShapeScenes.Draw;
            Write(folder, number, side, index => draw(parsed.GetValue(seed), parsed.GetValue(split)!, index, side), cancel);
            Terminal.Line($"{number} scenes: {Path.Combine(folder, DrawnObjects.FileName)}, {Path.Combine(folder, "sheet.png")}");
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Write(string folder, int count, int size, Func<long, ShapeScene> draw, CancellationToken cancel)
    {
        WholeFile.MakeFolder(folder);
        var table = new StringBuilder(CsvText.Record(DrawnObjects.Columns));
        var shown = new List<RgbImage>();
        for (int index = 0; index < count; index++)
        {
            cancel.ThrowIfCancellationRequested();
            ShapeScene scene = draw(index);
            string image = $"{string.Join('-', scene.Objects.Select(drawn => ShapeScenes.Classes[drawn.Class]))}/{index.ToString("00000", CultureInfo.InvariantCulture)}";
            Save(scene.Image, folder, $"images/{image}.png");
            foreach (ShapeObject drawn in scene.Objects)
            {
                string name = ShapeScenes.Classes[drawn.Class], mask = $"masks/{image}{(scene.Objects.Count > 1 ? "-" + name : "")}.png";
                Save(MaskPicture.Of(drawn.Mask, size), folder, mask);
                table.Append(
                    CultureInfo.InvariantCulture,
                    $"images/{image}.png,{mask},{name},{drawn.Box.Left},{drawn.Box.Top},{drawn.Box.Width},{drawn.Box.Height}\r\n");
            }

            // A sheet is for looking at; more scenes than a screen shows would only take memory.
            if (shown.Count < SheetColumns * SheetColumns)
            {
                shown.Add(scene.Image);
            }
        }

        WholeFile.Write(Path.Combine(folder, DrawnObjects.FileName), table.ToString());
        PngFile.Save(Sheet(shown, size), Path.Combine(folder, "sheet.png"));
    }

    private static void Save(RgbImage image, string folder, string name)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        PngFile.Save(image, path);
    }

    private static RgbImage Sheet(List<RgbImage> images, int size)
    {
        int columns = Math.Min(SheetColumns, images.Count), rows = (images.Count + columns - 1) / columns, stride = 3 * size * columns;
        byte[] pixels = new byte[stride * size * rows];
        for (int i = 0; i < images.Count; i++)
        {
            for (int y = 0; y < size; y++)
            {
                images[i].Pixels.AsSpan(3 * size * y, 3 * size)
                    .CopyTo(pixels.AsSpan(((((i / columns) * size) + y) * stride) + (i % columns * 3 * size)));
            }
        }

        return new RgbImage(size * columns, size * rows, pixels);
    }

    private static int Checked(string option, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{option}: {value} lies outside {least} to {most}."));
}
