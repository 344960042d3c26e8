using System.Globalization;
using System.Text.Json;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Regression;

/// <summary>What decided the scores of a run, and what wrote them: the JSON file beside a baseline's rows.</summary>
public sealed record BaselineFacts
{
    // The files' hashes stand for every path; the rest changes how fast a run is and what it writes besides, not its scores.
    private static readonly string[] WithoutEffect =
    [
        "images.", "output.", "model.weights", "model.graph", "model.classes", "model.inputs", "strict", "engine.",
    ];

    private static readonly JsonSerializerOptions Options = new(RecordFile.Options)
    {
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Version of SanityChecks that wrote the scores; not compared.</summary>
    public required string Version { get; init; }

    /// <summary>Commit that it was built from, or null; not compared.</summary>
    public string? Commit { get; init; }

    /// <summary>The engine, and the instruction set or device that it used; not compared.</summary>
    public required EngineRecord Engine { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The weight file; its hash is compared, its name is not.</summary>
    public required FileRecord Weights { get; init; }

    /// <summary>The other files of the network; their hashes are compared, their names are not.</summary>
    public IReadOnlyList<FileRecord> WeightParts { get; init; } = [];

    /// <summary>The images, those that could not be read too; their order does not matter.</summary>
    public required IReadOnlyList<FileRecord> Images { get; init; }

    /// <summary>Every other key of the resolved configuration that decides scores, with its value in YAML. A key that is missing has its
    /// default: it is younger than the file.</summary>
    public required IReadOnlyDictionary<string, string> Config { get; init; }

    /// <summary>The facts of a run.</summary>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="config">Its configuration.</param>
    public static BaselineFacts Of(Manifest manifest, ExperimentConfig config)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return new BaselineFacts
        {
            Version = manifest.Version,
            Commit = manifest.Commit,
            Engine = manifest.Engine,
            Seed = manifest.Seed,
            Weights = manifest.Weights,
            WeightParts = manifest.WeightParts,
            Images = manifest.Images,
            Config = Deciding(config),
        };
    }

    /// <summary>Reads the file.</summary>
    /// <param name="path">The JSON file.</param>
    /// <exception cref="InputException">It is missing, cannot be read, or is not such a file; the message has the line where one is to
    /// blame.</exception>
    public static BaselineFacts Read(string path)
    {
        try
        {
            BaselineFacts? facts = JsonSerializer.Deserialize<BaselineFacts>(RegularFile.ReadAllBytes(path), Options);
            return facts is not null && facts.Images.All(image => image is not null) && facts.Config.Values.All(value => value is not null)
                ? facts
                : throw new InputException($"{path}: holds null where a fact is needed; --update writes it anew.");
        }
        catch (JsonException error)
        {
            string line = error.LineNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number + 1}") : "";
            throw new InputException($"{path}{line}: not the facts of a baseline ({error.Message.Split(" Path: ")[0].Split(". LineNumber")[0].ReplaceLineEndings(" ")}); --update writes it anew.", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(
                $"{path}: no such file; a baseline is its rows (.csv) and this file beside them, and --update writes both.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Writes the file, whole.</summary>
    public void Write(string path) => WholeFile.Write(path, JsonSerializer.Serialize(this, Options) + "\n");

    /// <summary>Why the scores of a run cannot be expected to be those of this baseline.</summary>
    /// <param name="run">The facts of the run.</param>
    /// <returns>One part of a sentence for each fact that differs: <c>seed: 4, baseline 3</c>. Empty where everything that decides scores
    /// is the same.</returns>
    public IReadOnlyList<string> ObstaclesOf(BaselineFacts run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return
        [
            .. Obstacles(run.Seed, run.Config),
            .. run.Weights.Sha256 == Weights.Sha256 ? Array.Empty<string>()
                : [$"weights: {run.Weights.Name} with sha256 {Short(run.Weights)}, baseline {Weights.Name} with {Short(Weights)}"],
            .. run.WeightParts.Select(part => part.Sha256).SequenceEqual(WeightParts.Select(part => part.Sha256)) ? Array.Empty<string>()
                : [$"other files of the network: {Listed(run.WeightParts)}, baseline {Listed(WeightParts)}"],
            .. ImageObstacles(run.Images),
        ];
    }

    /// <summary>The same as far as it can be said before the run: weights and images are not looked at.</summary>
    /// <param name="run">The configuration of the run.</param>
    public IReadOnlyList<string> ObstaclesOf(ExperimentConfig run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [.. Obstacles(run.Seed, Deciding(run))];
    }

    private IEnumerable<string> Obstacles(ulong seed, IReadOnlyDictionary<string, string> config)
    {
        if (seed != Seed)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"seed: {seed}, baseline {Seed}");
        }

        Dictionary<string, string> defaults = Deciding(new ExperimentConfig());
        IReadOnlyDictionary<string, string> before = Spelled(Config);
        foreach (string key in defaults.Keys.Union(config.Keys).Union(before.Keys))
        {
            string? now = Value(config, key), was = Value(before, key);
            if (now != was && !ExperimentConfig.IsOpen(key, now) && !ExperimentConfig.IsOpen(key, was))
            {
                yield return $"{key}: {now ?? "no such key"}, baseline {was ?? "no such key"}";
            }
        }

        string? Value(IReadOnlyDictionary<string, string> values, string key) =>
            values.GetValueOrDefault(key) ?? defaults.GetValueOrDefault(key);
    }

    /// <summary>Facts of an earlier version, which knew preprocessing by its name and for 224 x 224 alone, as this one writes
    /// them.</summary>
    private static IReadOnlyDictionary<string, string> Spelled(IReadOnlyDictionary<string, string> config)
    {
        if (!config.TryGetValue(PreprocessingConfig.Key, out string? name)
            || Preprocessing.All.All(preset => preset.Name != name))
        {
            return config;
        }

        var spelled = new Dictionary<string, string>(config);
        spelled.Remove(PreprocessingConfig.Key);
        foreach (Setting setting in PreprocessingConfig.Of(name).For(new ImageSize(3, 224, 224)).Settings())
        {
            spelled.Add(setting.Key, setting.Value);
        }

        return spelled;
    }

    private IEnumerable<string> ImageObstacles(IReadOnlyList<FileRecord> run)
    {
        string[] was = [.. Images.Select(image => image.Name)], now = [.. run.Select(image => image.Name)];
        (string What, string[] Names)[] differences =
        [
            ("with other bytes (sha256)",
                [.. run.Where(image => was.Contains(image.Name) && !Images.Contains(image)).Select(image => image.Name)]),
            ("not in the baseline", [.. now.Except(was)]),
            ("of the baseline missing", [.. was.Except(now)]),
        ];
        return differences.Where(difference => difference.Names.Length > 0).Select(difference => string.Create(
            CultureInfo.InvariantCulture,
            $"images: {difference.Names.Length} {difference.What} ({difference.Names[0]}{(difference.Names.Length > 1 ? ", ..." : "")})"));
    }

    private static Dictionary<string, string> Deciding(ExperimentConfig config) => new(config.ToPairs()
        .Where(pair => pair.Key != "seed"
            && !WithoutEffect.Any(name => name.EndsWith('.') ? pair.Key.StartsWith(name, StringComparison.Ordinal) : pair.Key == name)));

    private static string Listed(IReadOnlyList<FileRecord> files) =>
        files.Count == 0 ? "none" : string.Join(", ", files.Select(file => $"{file.Name} with {Short(file)}"));

    private static string Short(FileRecord file) => file.Sha256.Length > 12 ? file.Sha256[..12] : file.Sha256;
}
