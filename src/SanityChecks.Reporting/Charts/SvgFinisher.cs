using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using SanityChecks.Reporting.Fonts;
using SkiaSharp;

namespace SanityChecks.Reporting.Charts;

/// <summary>Turns the SVG that Skia writes into one that looks the same everywhere, has the same bytes on every run, and speaks to those
/// who do not see it.</summary>
/// <remarks>
/// Skia writes text as characters of a font that the reader may lack, and numbers its clip paths by a counter of the process. Here each
/// character becomes an outline, written once, and ids come from what the chart holds, so that several charts can stand in one page.
/// </remarks>
/// <param name="id">What the ids begin with, but for those of characters.</param>
internal sealed partial class SvgFinisher(string id)
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly XNamespace Link = "http://www.w3.org/1999/xlink";

    private readonly Dictionary<(SKTypeface Typeface, ushort Glyph), XElement> glyphs = [];
    private readonly Dictionary<string, string> clips = [];
    private readonly XElement shared = new(Svg + "defs");

    /// <summary>The finished document.</summary>
    /// <param name="xml">What Skia wrote.</param>
    /// <param name="title">What the picture is.</param>
    /// <param name="description">What it shows, in words.</param>
    /// <param name="points">Places in it, and what a browser shows when the pointer rests there.</param>
    /// <param name="wholeNames">What a browser shows when the pointer rests on a shortened name.</param>
    /// <returns>UTF-8 without a mark, indented, with line feeds.</returns>
    public byte[] Finish(
        string xml, string title, string description, IEnumerable<(float X, float Y, string Text)> points,
        IReadOnlyDictionary<string, string> wholeNames)
    {
        XElement root = XDocument.Parse(xml, LoadOptions.PreserveWhitespace).Root!;
        root.DescendantNodes().OfType<XText>().Where(text => text.Parent!.Name != Svg + "text").Remove();
        foreach (XElement clip in root.Descendants(Svg + "clipPath").ToList())
        {
            ShareClip(clip);
        }

        foreach (XElement text in root.Descendants(Svg + "text").ToList())
        {
            text.ReplaceWith(Outlines(text, wholeNames));
        }

        foreach (XAttribute attribute in root.Descendants().Attributes()
            .Where(attribute => attribute.Name.LocalName is not ("transform" or "id" or "clip-path")))
        {
            // A dashed line is an outline of each dash: with more decimals the dashes are most of the file.
            int decimals = attribute.Name == "d" ? 1 : 2;
            attribute.Value = LongNumber()
                .Replace(attribute.Value, match => Number(double.Parse(match.Value, CultureInfo.InvariantCulture), decimals));
        }

        foreach (XElement clipped in root.Descendants().Where(element => element.Attribute("clip-path") is not null))
        {
            string old = clipped.Attribute("clip-path")!.Value["url(#".Length..^1];
            clipped.SetAttributeValue("clip-path", $"url(#{clips[old]})");
        }

        root.Add(new XElement(Svg + "g", new XAttribute("fill", "none"), new XAttribute("pointer-events", "all"), points.Select(Tip)));
        root.AddFirst(
            new XElement(Svg + "title", new XAttribute("id", id + "-title"), title),
            new XElement(Svg + "desc", new XAttribute("id", id + "-desc"), description),
            shared);
        root.SetAttributeValue("viewBox", $"0 0 {root.Attribute("width")!.Value} {root.Attribute("height")!.Value}");
        root.SetAttributeValue("role", "img");
        root.SetAttributeValue("aria-labelledby", $"{id}-title {id}-desc");
        return Bytes(root);
    }

    /// <summary>Keeps one clip path of those that are the same rectangle.</summary>
    private void ShareClip(XElement clip)
    {
        string old = clip.Attribute("id")!.Value;
        clip.Remove();
        clip.SetAttributeValue("id", null);
        XElement? same = shared.Elements(Svg + "clipPath")
            .FirstOrDefault(other => XNode.DeepEquals(other.Elements().Single(), clip.Elements().Single()));
        if (same is null)
        {
            clip.SetAttributeValue("id", $"{id}-clip{shared.Elements().Count()}");
            shared.Add(same = clip);
        }

        clips[old] = same.Attribute("id")!.Value;
    }

    /// <summary>The outlines of a text's characters where Skia placed them.</summary>
    private XElement Outlines(XElement text, IReadOnlyDictionary<string, string> wholeNames)
    {
        SKTypeface typeface = text.Attribute("font-weight") is null ? OpenSans.Regular : OpenSans.Semibold;
        double scale = double.Parse(text.Attribute("font-size")!.Value, CultureInfo.InvariantCulture) / typeface.UnitsPerEm;
        double[] x = Numbers(text.Attribute("x")!), y = Numbers(text.Attribute("y")!);
        string transform = $"{text.Attribute("transform")?.Value} translate(0 {Number(y[0], 3)}) scale({Number(scale, 7)})";

        // Skia counts no blanks at the ends, where it puts line ends and tabs of its own.
        string characters = text.Value.Trim();
        IEnumerable<XElement> uses = characters.EnumerateRunes().Zip(x)
            .Where(pair => !Rune.IsWhiteSpace(pair.First))
            .Select(pair => new XElement(
                Svg + "use", new XAttribute(Link + "href", "#" + Glyph(typeface, pair.First)),
                new XAttribute("x", Number(pair.Second / scale, 0))));
        XElement? tip = wholeNames.TryGetValue(characters, out string? whole) ? new XElement(Svg + "title", whole) : null;
        return new XElement(Svg + "g", text.Attribute("fill"), new XAttribute("transform", transform.TrimStart()), tip, uses);
    }

    /// <summary>The id of a character's outline, in units of the font, which is added where it is new.</summary>
    private string Glyph(SKTypeface typeface, Rune rune)
    {
        using SKFont font = OpenSans.Font(typeface, typeface.UnitsPerEm);
        ushort glyph = font.GetGlyph(rune.Value);
        if (!glyphs.TryGetValue((typeface, glyph), out XElement? outline))
        {
            using SKPath? path = font.GetGlyphPath(glyph);

            // Named after the glyph, not the chart: in a page of several charts the same name is the same outline.
            string name = (typeface == OpenSans.Semibold ? "semibold" : "sans") + Number(glyph, 0);
            outline = new XElement(Svg + "path", new XAttribute("id", name), new XAttribute("d", path?.ToSvgPathData() ?? ""));
            glyphs.Add((typeface, glyph), outline);
            shared.Add(outline);
        }

        return outline.Attribute("id")!.Value;
    }

    private static XElement Tip((float X, float Y, string Text) point) => new(
        Svg + "circle",
        new XAttribute("cx", Number(point.X, 2)),
        new XAttribute("cy", Number(point.Y, 2)),
        new XAttribute("r", 7),
        new XElement(Svg + "title", point.Text));

    private static double[] Numbers(XAttribute list) =>
        [.. list.Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(part => double.Parse(part, CultureInfo.InvariantCulture))];

    /// <summary>A number with at most so many decimals, and no negative zero.</summary>
    private static string Number(double value, int decimals) =>
        (Math.Round(value, decimals) + 0.0).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);

    private static byte[] Bytes(XElement root)
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

    [GeneratedRegex(@"-?\d+\.\d{2,}")]
    private static partial Regex LongNumber();
}
