using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Reporting;
using SanityChecks.Reporting.Charts;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Tests.Networks;

namespace SanityChecks.Tests.Reporting.Report;

/// <summary>A finished run folder of a test's own making: scores that fall from step to step, and everything that follows from
/// them.</summary>
internal sealed class ReportFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public string Path => folder.Path;

    public string PagePath => folder.Of("report.html");

    public IReadOnlyList<string> Images { get; init; } = ["a.png", "b.png", "c.png"];

    public IReadOnlyList<string> Methods { get; init; } = ["grad_cam", "guided_backprop"];

    public IReadOnlyList<string> Layers { get; init; } = ["fc8", "conv5_3", "conv1_1"];

    public IReadOnlyList<string> References { get; init; } = ["original", "other_image"];

    public IReadOnlyList<string> Metrics { get; init; } = ["spearman", "ssim"];

    public IReadOnlyList<string> Resolutions { get; init; } = ["input"];

    public IReadOnlyList<string> Faithfulness { get; init; } = [];

    public ExperimentRecord Experiment { get; init; } = ChartFolder.MadeUp("shuffled");

    public IReadOnlyList<MeasureRecord> Measures { get; init; } = [];

    /// <summary>Names of the classes that have one: each image shows the class of its place.</summary>
    public IReadOnlyList<ClassRecord> Classes { get; init; } = [];

    /// <summary>The class that the image of a place is explained as.</summary>
    public Func<int, int> Target { get; init; } = place => place;

    public string Configuration { get; init; } = "experiment: shuffled_labels\n";

    public string Of(params string[] parts) => folder.Of(parts);

    public void Dispose() => folder.Dispose();

    /// <summary>Writes all files but maps and page.</summary>
    public ReportFolder Write()
    {
        ScoreRow[] rows = [.. Images.SelectMany((image, i) => Rows(image, i))];
        using (var file = ScoresFile.Open(folder.Of("scores.csv"), _ => rows.Length / Images.Count))
        {
            file.Append(rows);
        }

        var titles = AttributionMethods.All.ToDictionary(method => method.Name, method => method.Title);
        foreach (string method in Methods)
        {
            titles.TryAdd(method, method);
        }

        RunStatistics.Of(rows, Experiment, titles, [.. Measures.Select(measure => measure.Name)]).Write(new RunFolder(Path));
        folder.Write("config.yaml", Configuration);
        new Manifest
        {
            Version = "0.1.0",
            Commit = "abc",
            Complete = true,
            Experiment = Experiment,
            Measures = Measures,
            Methods = [.. Methods.Select(id => AttributionMethods.All.FirstOrDefault(method => method.Name == id) is { } known
                ? new MethodRecord(
                    id, known.Title, known.Family.Name, known.Family.Title, known.Family == MethodFamily.Controls)
                : new MethodRecord(id, id))],
            Engine = new EngineRecord("cpu", "AVX2, 2 thread(s)"),
            Weights = new FileRecord("w.safetensors", "77"),
            Classes = Classes,
            Images = [.. Images.Select(image => new FileRecord(image, "88"))],
            Machine = new MachineRecord("Linux", "X64", ".NET 10", 2),
        }.Write(Path);
        return this;
    }

    /// <summary>Writes what a run with specifications has beside its own: four ways for each method, and their charts.</summary>
    public ReportFolder WithSpecifications()
    {
        var run = new RunFolder(Path);
        SpecificationRow[] rows =
        [
            .. from method in Methods
               from metric in Metrics
               from order in (string[])["top_down", "bottom_up"]
               let part = (order == "top_down" ? 0.7 : 0.2) + (metric == "ssim" ? 0.1 : 0)
               select new SpecificationRow(
                   method, metric, "signed", new Specification(order, "he_normal", "predicted"), 3, part, 0, part, part - 0.05, part + 0.06),
        ];
        folder.Write("specifications.csv", CsvFile.Text(SpecificationRow.Columns, rows.Select(row => row.Cells)));
        folder.Write(
            "specification_shares.csv", CsvFile.Text(ChoiceShareRow.Columns, SpecificationCurve.Shares(rows).Select(row => row.Cells)));
        SpecificationChart.Write(run);
        return this;
    }

    /// <summary>Writes maps of every image, method and step, and the image.</summary>
    /// <param name="side">Of the image.</param>
    /// <param name="map">Makes a map of an image's place, a method and a step.</param>
    public ReportFolder WithMaps(int side, Func<int, string, int, CompactMap> map)
    {
        for (int i = 0; i < Images.Count; i++)
        {
            string of = Directory.CreateDirectory(folder.Of("maps", $"image {i:00}#")).FullName;
            byte[] pixels = new byte[3 * side * side];
            for (int at = 0; at < pixels.Length; at++)
            {
                pixels[at] = (byte)(at / 3 % side * 255 / side);
            }

            PngFile.Save(new RgbImage(side, side, pixels), System.IO.Path.Combine(of, "image.png"));
            var file = new MapsFile(of, Images[i]);
            for (int step = 0; step <= Layers.Count; step++)
            {
                file.Append(Methods.Select(method => map(i, method, step)));
            }

            file.End();
        }

        return this;
    }

    /// <summary>Writes the page.</summary>
    /// <returns>Its text.</returns>
    public string Page() => File.ReadAllText(RunReport.Write(Path));

    /// <summary>A map of waves that grow fainter from step to step.</summary>
    public static CompactMap Waves(int image, string method, int step)
    {
        bool signed = method != "grad_cam";
        int side = signed ? 32 : 4;
        float[] values = [.. Enumerable.Range(0, side * side).Select(i =>
            (float)((Math.Sin((i % side * (image + 1.0)) + step) * Math.Cos(i / side) / (step + 1)) + (signed ? 0 : 0.2)))];
        return CompactMap.Of(method, step, signed, (side, side), 1f / (step + 1), values);
    }

    private IEnumerable<ScoreRow> Rows(string image, int place)
    {
        for (int step = 0; step <= Layers.Count; step++)
        {
            string layer = step == 0 ? "" : Layers[step - 1];
            foreach (string method in Methods)
            {
                foreach (string resolution in Resolutions.Where(one => one == "input" || method == "grad_cam"))
                {
                    foreach (string reference in References)
                    {
                        foreach (string metric in Metrics)
                        {
                            double value = reference != "original" ? Noise(method + metric + reference, place) / 10
                                : step == 0 ? 1
                                : Math.Clamp((method == "grad_cam" ? 0.3 : 0.95) / step + (Noise(method + metric, place + step) / 10), -1, 1);
                            bool dead = method == "grad_cam" && step > 0 && step == Layers.Count && place == 0;
                            yield return Row(method, metric, resolution, reference, dead ? null : value, dead ? "constant_randomized" : "ok");
                        }
                    }

                    bool zero = method == "grad_cam" && step > 0 && step == Layers.Count && place == 0;
                    yield return Row(method, "zeros", resolution, "itself", zero ? 1 : 0.25, "ok");
                    yield return Row(method, "neighbors", resolution, "itself", zero ? null : 0.5, zero ? "constant_randomized" : "ok");
                }

                foreach (string measure in step == 0 ? Faithfulness : [])
                {
                    yield return Row(method, measure, "input", "network", 0.125 * (place + 1), "ok");
                }
            }

            yield return Row("network", "logit_entropy", "output", "original", 1.5, "ok");
            yield return Row("network", "top1_agreement", "output", "original", step == 0 ? 1 : 0, "ok");
            foreach (MeasureRecord measure in Measures)
            {
                yield return Row("network", measure.Name, "output", "original", step / 4.0, "ok");
            }

            yield return Row("network", "activation_scale", "conv1_1", "original", 1, "ok");

            ScoreRow Row(string method, string metric, string resolution, string reference, double? value, string status) => new(
                image, place, Target(place), 1, 1, Experiment.Randomization, step, layer, step == 0 ? 0 : 1, method, metric, resolution,
                reference, value, status);
        }
    }

    private static double Noise(string name, int at) => (2 * new RandomStream(1, 0, name).Uniform(at)) - 1;
}
