using System.Globalization;
using System.Xml.Linq;

namespace SanityChecks.Tests.Reporting;

/// <summary>Asks a chart what it shows.</summary>
internal static class SvgQueries
{
    public static IEnumerable<XElement> OfClass(this XElement root, string name) =>
        root.Descendants().Where(element => (string?)element.Attribute("class") == name);

    public static XElement Method(this XElement chart, string method, string group = "method") =>
        chart.OfClass(group).Single(element => (string?)element.Attribute("data-method") == method);

    /// <summary>The names on the x axis, without the axis title, which is not slanted.</summary>
    public static string[] LayerTicks(this XElement chart) =>
        [.. chart.OfClass("layer-axis").Single().Elements(RunFolder.Svg + "text").Where(text => text.Attribute("transform") is not null).Select(Own)];

    /// <summary>An element's text without that of its tooltip.</summary>
    public static string Own(this XElement element) => string.Concat(element.Nodes().OfType<XText>().Select(text => text.Value)).Trim();

    public static double Number(this XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    /// <summary>Steps and values that a polyline or polygon stands for, by the scale written on the plot.</summary>
    public static (double Step, double Value)[] Data(this XElement chart, XElement shape)
    {
        XElement plot = chart.OfClass("plot").Single();
        double y0 = plot.Number("data-y0");
        return [.. shape.Attribute("points")!.Value.Split(' ').Select(point =>
        {
            double[] xy = Array.ConvertAll(point.Split(','), part => double.Parse(part, CultureInfo.InvariantCulture));
            return ((xy[0] - plot.Number("data-x0")) / plot.Number("data-dx"), (y0 - xy[1]) / (y0 - plot.Number("data-y1")));
        })];
    }
}
