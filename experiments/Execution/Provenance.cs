using System.Reflection;
using System.Runtime.InteropServices;
using SanityChecks.Compute;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Experiments.Execution;

/// <summary>What a manifest says of this program, this machine and the engine in use.</summary>
public static class Provenance
{
    /// <summary>This program's version, and the commit that it was built from; null for a build outside a repository.</summary>
    public static (string Version, string? Commit) Program { get; } = ProgramOf(
        typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "");

    /// <summary>The manifest of a run before it has scored anything.</summary>
    /// <param name="plan">What it computes; its images, of a shard those of its units, are read for their hashes.</param>
    /// <param name="engine">Computes it.</param>
    public static Manifest Of(Plan plan, IEngine engine) => Of(
        engine, plan.Config.Seed, new FileRecord(Path.GetFileName(plan.Trained.Path), plan.Trained.Sha256), plan.Selection.Synsets,
        [.. plan.Images.AsParallel().AsOrdered().Select(image => new FileRecord(image.Id, image.Sha256()))]) with
    {
        WeightParts = plan.WeightParts,
        Experiment = plan.Experiment.Words,
        Preprocessing = plan.Config.Preprocessing.Record(),
        Methods = [.. plan.Methods.Select(Record)],
        Measures =
        [
            .. plan.Experiment.Measures.Select(measure => measure.Words), .. plan.Config.Localization.Select(measure => measure.Words),
        ],
    };

    /// <summary>A manifest of this program on this machine.</summary>
    public static Manifest Of(
        IEngine engine, ulong seed, FileRecord weights, IReadOnlyList<string> synsets, IReadOnlyList<FileRecord> images)
    {
        string[] libraries = ["CsvHelper", "MathNet.Numerics", "YamlDotNet"];
        return new Manifest
        {
            Version = Program.Version,
            Commit = Program.Commit,
            Engine = new EngineRecord(engine.Name, engine.Description, engine.Facts.Count == 0 ? null : engine.Facts),
            Seed = seed,
            Weights = weights,
            Synsets = synsets,
            Images = images,
            Libraries = new SortedDictionary<string, string>(
                libraries.ToDictionary(name => name, name => Assembly.Load(name).GetName().Version?.ToString() ?? ""),
                StringComparer.Ordinal),
            Machine = new MachineRecord(
                RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture.ToString(),
                RuntimeInformation.FrameworkDescription, Environment.ProcessorCount),
        };
    }

    private static (string Version, string? Commit) ProgramOf(string version) => version.Split('+') switch
    {
        [var number, var commit, ..] => (number, commit),
        _ => (version, null),
    };

    private static MethodRecord Record(ConfiguredMethod method)
    {
        MethodFamily family = method.Method.Family;
        return new MethodRecord(method.Id, method.Title, family.Name, family.Title, family == MethodFamily.Controls);
    }
}
