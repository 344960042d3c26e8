using SanityChecks.Experiments.Configuration;
using SanityChecks.RunFiles;
using SanityChecks.RunFiles.Statistics;

namespace SanityChecks.Experiments.Regression;

/// <summary>The result that a run is expected to repeat: rows in <c>NAME.csv</c>, and what decided them in <c>NAME.json</c>.</summary>
/// <param name="Facts">What makes another run comparable.</param>
/// <param name="Scores">Every score, as in <c>scores.csv</c>; null for a baseline that is a summary.</param>
/// <param name="Means">The summary; computed from the scores where there are any.</param>
public sealed record Baseline(BaselineFacts Facts, IReadOnlyList<ScoreRow>? Scores, IReadOnlyList<SummaryRow> Means)
{
    /// <summary>What the run in a folder would be as a baseline.</summary>
    /// <param name="folder">A run folder.</param>
    /// <param name="vocabulary">To read its configuration.</param>
    /// <exception cref="InputException">The folder holds no run, the run is not finished, or a file of it cannot be read.</exception>
    public static Baseline OfRun(string folder, ConfigVocabulary vocabulary)
    {
        var run = new RunFolder(folder);
        if (!File.Exists(run.ConfigPath))
        {
            throw new InputException(
                $"{folder}: holds no run (no {Path.GetFileName(run.ConfigPath)}); give a run folder or a configuration file.");
        }

        ExperimentConfig config = ExperimentConfig.Load(run.ConfigPath, [], vocabulary);
        if (Manifest.Read(folder) is not { Complete: true } manifest)
        {
            throw new InputException(
                $"{folder}: the run is not finished; start it again with its configuration, or give the configuration to verify.");
        }

        IReadOnlyList<ScoreRow> scores = BaselineRows.ReadScores(run.ScoresPath);
        return new Baseline(BaselineFacts.Of(manifest, config), scores, Summary.Of(scores));
    }

    /// <summary>Reads a baseline.</summary>
    /// <param name="path">Its <c>.csv</c>.</param>
    /// <exception cref="InputException">A file is missing or is not what it should be; the message has the file and line.</exception>
    public static Baseline Read(string path)
    {
        string facts = FactsPath(path);
        if (BaselineRows.IsSummary(path))
        {
            IReadOnlyList<SummaryRow> means = SummaryFile.Read(path);
            return new Baseline(BaselineFacts.Read(facts), null, means);
        }

        IReadOnlyList<ScoreRow> scores = BaselineRows.ReadScores(path);
        return new Baseline(BaselineFacts.Read(facts), scores, Summary.Of(scores));
    }

    /// <summary>The file of the facts: <c>NAME.json</c> beside <c>NAME.csv</c>.</summary>
    /// <param name="path">The file of the rows.</param>
    /// <exception cref="InputException">It does not end with <c>.csv</c>.</exception>
    public static string FactsPath(string path) => Path.GetExtension(path) == ".csv"
        ? Path.ChangeExtension(path, ".json")
        : throw new InputException($"{path}: a baseline's name ends with .csv, such as results/reference/ci.csv.");

    /// <summary>Whether the file of rows at a path is a summary; false where there is none or it cannot be read.</summary>
    /// <param name="path">The file of the rows.</param>
    public static bool IsSummary(string path)
    {
        try
        {
            return BaselineRows.IsSummary(path);
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>Writes both files, each whole.</summary>
    /// <param name="path">The file of the rows; its folder is made where it is missing.</param>
    /// <exception cref="InputException">It does not end with <c>.csv</c>.</exception>
    public void Write(string path)
    {
        string facts = FactsPath(path);
        WholeFile.MakeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        WholeFile.Write(path, Scores is null ? SummaryFile.Text(Means) : ScoresFile.Text(Scores));
        Facts.Write(facts);
    }
}
