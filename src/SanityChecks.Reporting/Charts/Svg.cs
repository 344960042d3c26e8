using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace SanityChecks.Reporting.Charts;

/// <summary>The elements that a chart is made of, with numbers and text that are the same on every machine.</summary>
internal static class Svg
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    /// <summary>A coordinate: at most two decimals, no negative zero.</summary>
    public static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>An element with attributes (text, or numbers as coordinates) and children.</summary>
    public static XElement Element(string name, IEnumerable<(string Name, object Value)> attributes, params object[] content) => new(
        Namespace + name,
        attributes.Select(item => new XAttribute(item.Name, item.Value is double number ? Number(number) : Clean(item.Value.ToString()!))),
        content);

    /// <summary>The points attribute of a polyline or polygon.</summary>
    public static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(" ", points.Select(point => $"{Number(point.X)},{Number(point.Y)}"));

    /// <summary>A straight line.</summary>
    public static XElement Line(double x1, double y1, double x2, double y2, string stroke, double width) =>
        Element("line", [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("stroke", stroke), ("stroke-width", width)]);

    /// <summary>A line of text.</summary>
    /// <param name="text">Any text; what XML cannot hold becomes U+FFFD.</param>
    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its baseline.</param>
    /// <param name="size">Font size.</param>
    /// <param name="fill">Colour.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="more">Further attributes.</param>
    public static XElement Text(
        string text, double x, double y, double size, string fill, string anchor = "start", params (string, object)[] more) => Element(
            "text",
            [("x", x), ("y", y), ("font-size", size), ("fill", fill), .. anchor == "start" ? [] : new[] { ("text-anchor", (object)anchor) }, .. more],
            Clean(text));

    /// <summary>What a browser shows when the pointer rests on the parent, and a screen reader says.</summary>
    public static XElement Title(string text) => Element("title", [], Clean(text));

    /// <summary>The bytes of a document: UTF-8 without a mark, indented, line feeds.</summary>
    public static byte[] Bytes(XElement root)
    {
        using var stream = new MemoryStream();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, IndentChars = " ", NewLineChars = "\n" };
        using (XmlWriter writer = XmlWriter.Create(stream, settings))
        {
            root.Save(writer);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Text with U+FFFD for what XML cannot hold: control characters and halves of surrogate pairs.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool allowed = !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value);
            clean.Append((allowed ? rune : Rune.ReplacementChar).ToString());
        }

        return clean.ToString();
    }
}
