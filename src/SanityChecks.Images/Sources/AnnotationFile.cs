using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using SanityChecks.RunFiles;

namespace SanityChecks.Images.Sources;

/// <summary>The boxes of one picture from an XML file as ImageNet and Pascal VOC have them.</summary>
/// <remarks>
/// Read are <c>annotation/size</c> and, of each <c>annotation/object</c>, <c>name</c> and <c>bndbox</c>. Columns and rows count from 0, and
/// the largest ones belong to the box, as in ImageNet's files; Pascal VOC counts from 1, so that its boxes lie one pixel lower and further
/// right here. Boxes are for the size that the file states, and are scaled to that of the picture where it was resized since. A document
/// type is refused, so that no entity is expanded and no other file is opened.
/// </remarks>
internal static class AnnotationFile
{
    private const string Extension = ".xml";
    private const long LargestDocument = 10_000_000;

    /// <summary>The file of a picture: at the picture's path below the folder, or with the picture's name right in the folder, or in the
    /// folder of its synset, which its name begins with.</summary>
    /// <param name="folder">The folder with the files.</param>
    /// <param name="id">The picture's path relative to its source.</param>
    /// <returns>Null where there is none.</returns>
    public static string? Find(string folder, string id)
    {
        string stem = Path.GetFileNameWithoutExtension(id), name = stem + Extension;
        string[] places =
        [
            Path.Combine(folder, Path.GetDirectoryName(id) ?? "", name), Path.Combine(folder, name),
            Path.Combine(folder, stem.Split('_')[0], name),
        ];
        return places.FirstOrDefault(File.Exists);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">The picture's size.</param>
    /// <exception cref="InputException">It cannot be read, is no XML or no such document, or a box is none.</exception>
    public static ImageTruth Read(string path, (int Width, int Height) size)
    {
        XElement root = Root(path);
        XElement? stated = root.Element("size");
        (double width, double height) = (Length(path, stated, "width", size.Width), Length(path, stated, "height", size.Height));
        return new ImageTruth(size.Width, size.Height, [.. root.Elements("object").Select(Object)]);

        TrueObject Object(XElement one)
        {
            XElement box = Child(path, one, "bndbox");
            (int left, int right) = Side("xmin", "xmax", size.Width / width, size.Width);
            (int top, int bottom) = Side("ymin", "ymax", size.Height / height, size.Height);
            return new TrueObject(Child(path, one, "name").Value.Trim(), new PixelBox(left, top, right - left, bottom - top), null);

            (int First, int End) Side(string from, string to, double scale, int length)
            {
                double first = Number(path, Child(path, box, from)), last = Number(path, Child(path, box, to));
                int begin = Math.Clamp((int)Math.Floor(first * scale), 0, length);
                int end = Math.Clamp((int)Math.Ceiling((last + 1) * scale), 0, length);
                return first <= last && begin < end
                    ? (begin, end)
                    : throw Fault(path, box, FormattableString.Invariant(
                        $"{from} {first} to {to} {last} is no part of a picture of {size.Width} x {size.Height} pixels"));
            }
        }
    }

    private static XElement Root(string path)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = LargestDocument,
        };
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            using var reader = XmlReader.Create(file, settings);
            XElement root = XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
            return root.Name.LocalName == "annotation"
                ? root
                : throw Fault(path, root, $"expected <annotation>, as in ImageNet's files of boxes, not <{root.Name.LocalName}>");
        }
        catch (XmlException error)
        {
            throw new InputException($"{path}: cannot be read as XML: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    // Some tools leave the size out, or write 0.
    private static double Length(string path, XElement? size, string name, int otherwise) =>
        size?.Element(name) is { } length && Number(path, length) is var stated and > 0 ? stated : otherwise;

    private static XElement Child(string path, XElement parent, string name) =>
        parent.Element(name) ?? throw Fault(path, parent, $"<{parent.Name.LocalName}> has no <{name}>");

    private static double Number(string path, XElement element) =>
        double.TryParse(element.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Math.Abs(value) < int.MaxValue
            ? value
            : throw Fault(path, element, $"<{element.Name.LocalName}> is '{element.Value}'; it must be a number of pixels");

    private static InputException Fault(string path, XElement at, string reason) =>
        new RunFileException(path, ((IXmlLineInfo)at).HasLineInfo() ? ((IXmlLineInfo)at).LineNumber : null, reason);
}
