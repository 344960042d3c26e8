namespace SanityChecks.RunFiles;

/// <summary>The folder that a run writes: where its files are.</summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>The name of the resolved configuration.</summary>
    public const string ConfigName = "config.yaml";

    /// <summary>The resolved configuration.</summary>
    public string ConfigPath => In(ConfigName);

    /// <summary>The scores.</summary>
    public string ScoresPath => In("scores.csv");

    /// <summary>The summary.</summary>
    public string SummaryPath => In("summary.csv");

    /// <summary>The similarities beside the nulls.</summary>
    public string ContrastsPath => In("contrasts.csv");

    /// <summary>How high the curves lie and where they collapse.</summary>
    public string CurvesPath => In("curves.csv");

    /// <summary>The state of the networks, and what maps died of.</summary>
    public string HealthPath => In("health.csv");

    /// <summary>How maps follow what is measured of their networks.</summary>
    public string ResponsesPath => In("responses.csv");

    /// <summary>What every specification says.</summary>
    public string SpecificationsPath => In("specifications.csv");

    /// <summary>How much each choice between specifications decides.</summary>
    public string SpecificationSharesPath => In("specification_shares.csv");

    /// <summary>The verdict.</summary>
    public string VerdictPath => In(VerdictRecord.FileName);

    /// <summary>The maps.</summary>
    public string MapsPath => In("maps");

    /// <summary>The folder of the run of a specification that needs networks or maps of its own.</summary>
    public RunFolder Of(Specification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return new RunFolder(System.IO.Path.Combine(In("specifications"), specification.Name));
    }

    /// <summary>The charts.</summary>
    public string ChartsPath => In("charts");

    /// <summary>The page that shows all of it.</summary>
    public string ReportPath => In("report.html");

    /// <summary>The maps in small of each image that has some, in the order of the folders' names.</summary>
    public IReadOnlyList<string> CompactMaps => Directory.Exists(MapsPath)
        ? [.. Directory.EnumerateDirectories(MapsPath).Order(StringComparer.Ordinal)
            .Select(folder => System.IO.Path.Combine(folder, MapsFile.FileName)).Where(File.Exists)]
        : [];

    /// <summary>The chart files that are there.</summary>
    public IReadOnlyList<string> Charts => Files(ChartsPath, "*.svg");

    /// <summary>The map grids that are there.</summary>
    public IReadOnlyList<string> Grids => Files(MapsPath, "*.png");

    /// <summary>Whether scores and all that follows from them are there.</summary>
    public bool HasResults =>
        new[] { ScoresPath, SummaryPath, ContrastsPath, CurvesPath, HealthPath, VerdictPath }.All(File.Exists);

    /// <summary>The experiment in its own words, from the manifest.</summary>
    /// <exception cref="RunFileException">The manifest is missing, cannot be read, or was written by a version that left them
    /// out.</exception>
    public ExperimentRecord ReadExperiment() => Manifest.Read(Path)?.Experiment
        ?? throw new RunFileException(
            In(Manifest.FileName), null, "does not say what the experiment is (\"experiment\"); a run into another folder writes that");

    /// <summary>What a finished run says.</summary>
    /// <exception cref="InputException">The folder holds no run, or one that is not finished.</exception>
    public (ExperimentRecord Experiment, VerdictRecord Verdict) ReadFinished()
    {
        if (!File.Exists(ConfigPath))
        {
            throw new InputException($"{Path}: holds no run (no {ConfigName}).");
        }

        return Manifest.Read(Path) is { Complete: true, Experiment: { } experiment } && VerdictRecord.Read(Path) is { } verdict
            ? (experiment, verdict)
            : throw new InputException(
                $"{Path}: the run is not finished, or an earlier version wrote it; the command that began it goes on with it.");
    }

    /// <summary>What was recorded of each network beside the similarity of maps, from the manifest.</summary>
    public IReadOnlyList<MeasureRecord> ReadMeasures() => Manifest.Read(Path)?.Measures ?? [];

    /// <summary>The methods by their names in <c>summary.csv</c>, from the manifest; empty where it tells none.</summary>
    public IReadOnlyDictionary<string, MethodRecord> ReadMethods() =>
        (Manifest.Read(Path)?.Methods ?? []).DistinctBy(method => method.Id).ToDictionary(method => method.Id, StringComparer.Ordinal);

    /// <summary>Makes sure that a run is continued with the files it was begun with.</summary>
    /// <param name="begun">The manifest in the folder.</param>
    /// <param name="now">The manifest of this start.</param>
    /// <exception cref="InputException">Weights or images differ.</exception>
    public void RequireSameInputs(Manifest begun, Manifest now)
    {
        string? changed = begun.Weights.Sha256 != now.Weights.Sha256 ? $"the weights {now.Weights.Name}"
            : now.WeightParts.Except(begun.WeightParts).Concat(begun.WeightParts.Except(now.WeightParts)).FirstOrDefault() is { } part
                ? $"the file {part.Name} of the network"
            : begun.Images.SequenceEqual(now.Images) ? null
            : $"the images ({now.Images.Except(begun.Images).Concat(begun.Images.Except(now.Images)).Select(image => image.Name).FirstOrDefault() ?? "their order"})";
        if (changed is not null)
        {
            throw new InputException(
                $"The run in {Path} was begun with other files: {changed} changed since. Give another folder with --out, or delete that one.");
        }
    }

    private static string[] Files(string folder, string pattern) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)] : [];

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
