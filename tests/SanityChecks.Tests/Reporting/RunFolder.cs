using System.Xml.Linq;
using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;

namespace SanityChecks.Tests.Reporting;

/// <summary>A run folder of a test, with rows of its own making, deleted with it.</summary>
internal sealed class RunFolder : IDisposable
{
    public const string Header = "randomization,step,layer,method,metric,resolution,n,undefined,mean,sd,ci_low,ci_high,median";

    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("run");

    public string Path => folder.FullName;

    public string Summary => System.IO.Path.Combine(Path, "summary.csv");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Rows "step,layer,method,n,undefined,mean,ci_low,ci_high" of one metric, as a whole summary.</summary>
    public RunFolder With(string randomization, string metric, params string[] rows)
    {
        File.WriteAllLines(Summary, [Header, .. rows.Select(row =>
        {
            string[] cells = row.Split(',');
            return $"{randomization},{cells[0]},{cells[1]},{cells[2]},{metric},224x224,{cells[3]},{cells[4]},{cells[5]},,{cells[6]},{cells[7]},";
        })]);
        return this;
    }

    /// <summary>The only chart of the folder, drawn once, since ScottPlot makes its ticks then.</summary>
    public ChartPlot Chart(ChartOptions? options = null)
    {
        ChartPlot chart = new(Assert.Single(CorrelationChart.Split(SummaryFile.Read(Summary))), options ?? new ChartOptions());
        chart.Plot.RenderInMemory(chart.Layout.Width, chart.Layout.Height);
        return chart;
    }

    /// <summary>The only chart of the folder as written to its SVG file.</summary>
    public XElement SvgFile(ChartOptions? options = null) =>
        XDocument.Load(Assert.Single(CorrelationCharts.Write(Path, options)), LoadOptions.PreserveWhitespace).Root!;
}
