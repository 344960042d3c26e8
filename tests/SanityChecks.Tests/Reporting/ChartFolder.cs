using System.Xml.Linq;
using SanityChecks.Experiments;
using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Reporting;

/// <summary>A run folder of a test, with rows and an experiment of its own making, deleted with it.</summary>
internal sealed class ChartFolder : IDisposable
{
    public const string Header = "randomization,step,layer,method,metric,resolution,reference,n,undefined,mean,sd,ci_low,ci_high,median,"
        + "draws,sd_draw,sd_image,mean_abs,abs_low,abs_high,mean_aligned,aligned_low,aligned_high";

    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("run");

    public string Path => folder.FullName;

    public string Summary => System.IO.Path.Combine(Path, "summary.csv");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Rows "step,layer,method,n,undefined,mean,ci_low,ci_high" of one metric, as a whole summary.</summary>
    public ChartFolder With(string randomization, string metric, params string[] rows)
    {
        File.WriteAllLines(Summary, [Header, .. rows.Select(row =>
        {
            string[] cells = row.Split(',');
            return $"{randomization},{cells[0]},{cells[1]},{cells[2]},{metric},224x224,original,{cells[3]},{cells[4]},{cells[5]},,{cells[6]},{cells[7]},,1,,,,,,,,";
        })]);
        return Of(randomization);
    }

    /// <summary>Gives the folder the words of an experiment: the catalogue's, or of another name those of one that nobody wrote.</summary>
    public ChartFolder Of(string randomization) =>
        Of(Catalogue.Experiments.FirstOrDefault(experiment => experiment.Randomization == randomization)?.Words ?? MadeUp(randomization));

    /// <summary>Gives the folder the words of an experiment, and of what it measures of networks.</summary>
    public ChartFolder Of(ExperimentRecord experiment, params MeasureRecord[] measures)
    {
        new Manifest
        {
            Experiment = experiment,
            Measures = measures,
            Methods = [.. AttributionMethods.All.Select(method => new MethodRecord(
                method.Name, method.Title, method.Family.Name, method.Family.Title, method.Family == MethodFamily.Controls))],
            Engine = new EngineRecord("cpu", ""),
            Weights = new FileRecord("w.safetensors", "77"),
            Images = [],
            Machine = new MachineRecord("", "", "", 1),
        }.Write(Path);
        return this;
    }

    /// <summary>An experiment that shuffles labels.</summary>
    public static ExperimentRecord MadeUp(string randomization, bool connected = true) => new()
    {
        Name = randomization + "_labels",
        Randomization = randomization,
        Title = "Labels shuffled",
        Question = "Do the maps change when the labels are shuffled?",
        Faithful = "An honest method drops {value} once nothing is left to learn.",
        StepAxis = "labels shuffled before training",
        StepHeader = "shuffled",
        Connected = connected,
        Original = "none",
        Step = "run {step}, {layer} of them",
        GridStep = "{layer}",
        GridColumns = "Left the network of the right labels.",
    };

    /// <summary>The only chart of the folder, drawn once, since ScottPlot makes its ticks then.</summary>
    public ChartPlot Chart(ChartOptions? options = null)
    {
        ChartPlot chart = new(Assert.Single(CorrelationChart.Of(new RunFolder(Path))), options ?? new ChartOptions());
        chart.Plot.RenderInMemory(chart.Layout.Width, chart.Layout.Height);
        return chart;
    }

    /// <summary>The only chart of the folder as written to its SVG file.</summary>
    public XElement SvgFile(ChartOptions? options = null) =>
        XDocument.Load(Assert.Single(CorrelationCharts.Write(Path, options)), LoadOptions.PreserveWhitespace).Root!;
}
