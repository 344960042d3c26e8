using System.CommandLine;
using System.Globalization;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Experiments.Regression;
using SanityChecks.RunFiles;

namespace SanityChecks.Cli;

/// <summary>Compares a run with a committed baseline: exit code 0 where nothing drifted, 1 where something did, 2 where the two cannot be
/// compared.</summary>
internal static class VerifyCommand
{
    public const string Name = "verify";

    private const int Same = 0, Drifted = 1;

    private static string[] MetricNames => [.. Engines.Vocabulary.Metrics.Select(metric => metric.Name)];

    public static Command Create(Interruption interruption)
    {
        var run = new Argument<string>("RUN_OR_CONFIG")
        {
            Description = "A finished run folder, or a configuration, which is then run (or goes on, or is taken as it is, where its run folder exists).",
        };
        var against = new Option<string>("--against")
        {
            Description = "The baseline: NAME.csv, with NAME.json beside it.",
            HelpName = "NAME.csv",
            Required = true,
        };
        var tolerance = new Option<string[]>("--tolerance")
        {
            Description = $"The largest difference of a metric's score that is no drift, divided by the root of n for the mean of n; may be repeated. By default {string.Join(", ", MetricNames.Select(Default))}.",
            HelpName = "metric=value",
            DefaultValueFactory = _ => [],
        };
        var update = new Option<bool>("--update") { Description = "Write the baseline from this run, after showing what changed." };
        var summary = new Option<bool>("--summary")
        {
            Description = "With --update: write means only, for a study too big to commit each score.",
        };
        var engine = new EngineOption();
        var set = new Option<string[]>("--set")
        {
            Description = "Overrides one key of the configuration with any YAML value; may be repeated.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var output = new Option<string?>("--out")
        {
            Description = "The run folder of a configuration; results/NAME-OF-CONFIG by default.",
            HelpName = "DIR",
        };
        var command = new Command(Name, "Compares a run with a baseline. Exit code 0: no drift; 1: drift; 2: the two cannot be compared.")
        {
            run, against, tolerance, update, summary, engine.Name, engine.Libtorch, set, output,
        };
        command.SetAction(async parsed =>
        {
            string what = parsed.GetValue(run)!, path = parsed.GetValue(against)!;
            Tolerances tolerances = Tolerances.Default.With(parsed.GetValue(tolerance)!, MetricNames);
            GivenValue[] overrides = [.. parsed.GetValue(set)!, .. engine.Overrides(parsed)];
            bool updating = parsed.GetValue(update);
            if (parsed.GetValue(summary) && !updating)
            {
                throw new InputException("--summary says what --update writes; without it the baseline is what it is.");
            }

            // What is wrong with the baseline is said before a long run, not after it.
            _ = Baseline.FactsPath(path);
            Baseline? baseline = updating ? null : Baseline.Read(path);
            string folder = await FolderAsync(what, parsed.GetValue(output), overrides, baseline, path, interruption);
            Baseline now = Baseline.OfRun(folder, Engines.Vocabulary);
            return baseline is null ? Update(now, path, parsed.GetValue(summary), tolerances) : Verify(now, baseline, path, tolerances);
        });
        return command;
    }

    private static string Default(string metric) => string.Create(CultureInfo.InvariantCulture, $"{metric}={Tolerances.Default[metric]:R}");

    /// <summary>The run folder: the one that was named, or the one that the configuration is run into.</summary>
    private static async Task<string> FolderAsync(
        string what, string? output, GivenValue[] overrides, Baseline? baseline, string against, Interruption interruption)
    {
        if (Directory.Exists(what))
        {
            return output is null && overrides.Length == 0
                ? what
                : throw new InputException($"{what} is a run folder: --out, --set, --engine and --libtorch go with a configuration file.");
        }

        ExperimentConfig config = ExperimentConfig.Load(what, overrides, Engines.Vocabulary);
        RequireComparable(what, against, baseline?.Facts.ObstaclesOf(config) ?? []);
        string folder = output ?? RunCommand.DefaultFolder(what);
        if (await RunCommand.RunAsync(config, folder, dryRun: false, interruption) is { AlreadyComplete: true }
            && Manifest.Read(folder) is { } earlier)
        {
            Terminal.ErrorLine($"warning: {folder} was computed earlier by {Manifest.ProgramOf(earlier.Version, earlier.Commit)}, and is compared as it is; delete it or give --out to compute it with this program.");
        }

        return folder;
    }

    private static int Verify(Baseline now, Baseline baseline, string path, Tolerances tolerances)
    {
        RequireComparable("This run", path, baseline.Facts.ObstaclesOf(now.Facts));
        Comparison comparison = Comparison.Of(baseline, now, tolerances);
        DriftReport.Print(comparison);
        Terminal.Line(DriftReport.Verdict(comparison, path));
        if (!comparison.HasDrift)
        {
            return Same;
        }

        Terminal.Line($"baseline: {DriftReport.Origin(baseline.Facts)}; this run: {DriftReport.Origin(now.Facts)}");
        Terminal.Line("If the change is meant, --update writes it into the baseline.");
        return Drifted;
    }

    private static int Update(Baseline now, string path, bool summary, Tolerances tolerances)
    {
        summary |= Baseline.IsSummary(path);
        if (!File.Exists(path))
        {
            Terminal.Line($"{path}: a new baseline.");
        }
        else
        {
            Compare(now, path, tolerances);
        }

        Baseline written = summary ? now with { Scores = null } : now;
        written.Write(path);
        Terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {written.Scores?.Count ?? written.Means.Count} {(written.Scores is null ? "means" : "scores")} of {now.Facts.Images.Count} images to {path}, and what decided them to {Baseline.FactsPath(path)}."));
        return Same;
    }

    /// <summary>Shows what changes with an update; a baseline that cannot be read is as good as none.</summary>
    private static void Compare(Baseline now, string path, Tolerances tolerances)
    {
        Baseline baseline;
        try
        {
            baseline = Baseline.Read(path);
        }
        catch (InputException error)
        {
            Terminal.Line($"The old baseline cannot be compared: {error.Message}");
            return;
        }

        foreach (string obstacle in baseline.Facts.ObstaclesOf(now.Facts))
        {
            Terminal.Line($"another run than the baseline's: {obstacle}");
        }

        Comparison comparison = Comparison.Of(baseline, now, tolerances);
        DriftReport.Print(comparison);
        Terminal.Line(DriftReport.Verdict(comparison, "the old " + path));
    }

    private static void RequireComparable(string run, string path, IReadOnlyList<string> obstacles)
    {
        if (obstacles.Count > 0)
        {
            throw new InputException(
                $"{run} cannot be compared with {path}: {string.Join("; ", obstacles)}. --update writes a baseline of this run.");
        }
    }
}
