using System.Reflection;
using System.Runtime.InteropServices;
using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Execution;

/// <summary>What a manifest says of this program, this machine and the engine in use.</summary>
public static class Provenance
{
    /// <summary>A manifest of this program on this machine.</summary>
    public static Manifest Of(IEngine engine, ulong seed, FileRecord weights, IReadOnlyList<string> synsets, IReadOnlyList<FileRecord> images)
    {
        string[] version = (typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+');
        string[] libraries = ["CsvHelper", "MathNet.Numerics", "YamlDotNet"];
        return new Manifest
        {
            Version = version[0],
            Commit = version.Length > 1 ? version[1] : null,
            Engine = new EngineRecord(engine.Name, engine.Description, engine.Facts.Count == 0 ? null : engine.Facts),
            Seed = seed,
            Weights = weights,
            Synsets = synsets,
            Images = images,
            Libraries = new SortedDictionary<string, string>(
                libraries.ToDictionary(name => name, name => Assembly.Load(name).GetName().Version?.ToString() ?? ""), StringComparer.Ordinal),
            Machine = new MachineRecord(
                RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture.ToString(), RuntimeInformation.FrameworkDescription, Environment.ProcessorCount),
        };
    }
}
