using SanityChecks.Compute;
using SanityChecks.Networks.Architectures;
using SanityChecks.Networks.Onnx;
using SanityChecks.Networks.WeightFiles;
using SanityChecks.RunFiles;

namespace SanityChecks.Networks;

/// <summary>A network with the weights that it was trained to.</summary>
/// <param name="Network">The graph, as wide as its weights.</param>
/// <param name="Weights">Exactly the tensors that the graph names.</param>
/// <param name="Path">The file that they came from.</param>
/// <param name="Sha256">The file's SHA-256, in lower-case hexadecimal.</param>
public sealed record TrainedNetwork(Network Network, Weights Weights, string Path, string Sha256)
{
    /// <summary>The notes in a safetensors header, such as what the logits stand for; empty for other formats.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What the logits stand for, where a list of classes was given; else null.</summary>
    public IReadOnlyList<string>? ClassLabels { get; init; }

    /// <summary>The other files that it was read from: tensors beside an .onnx file, the graph of fine-tuned weights, the list of
    /// classes.</summary>
    public IReadOnlyList<FileRecord> Parts { get; init; } = [];

    /// <summary>A sentence each on what had to be guessed to read the file, for the user; empty where nothing had.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Loads a weight file into an architecture.</summary>
    /// <param name="architecture">One of <see cref="ArchitectureList.Names"/>.</param>
    /// <param name="path">A safetensors or PyTorch file.</param>
    /// <exception cref="InputException">The architecture is unknown, the file cannot be read, or its tensors are not those of the
    /// architecture or not all finite.</exception>
    public static TrainedNetwork Load(string architecture, string path)
    {
        LoadedWeights loaded = WeightFile.Load(path);
        (Network network, Weights weights) = Fitted(architecture, loaded.Weights, path);
        RequireFinite(weights, path);
        return new TrainedNetwork(network, weights, path, loaded.Sha256)
        {
            Metadata = loaded.Metadata,
            Notes = [.. NotesOn(loaded, weights).Select(note => $"{path}: {note}")],
        };
    }

    /// <summary>Loads a weight file into a network.</summary>
    /// <param name="network">The graph, as wide as the weights.</param>
    /// <param name="path">A safetensors or PyTorch file.</param>
    /// <exception cref="InputException">The file cannot be read, or its tensors are not those of the network or not all
    /// finite.</exception>
    public static TrainedNetwork Load(Network network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        LoadedWeights loaded = WeightFile.Load(path);
        Weights weights = WeightNames.Check(network.Tensors, loaded.Weights, path);
        RequireFinite(weights, path);
        return new TrainedNetwork(network, weights, path, loaded.Sha256) { Metadata = loaded.Metadata };
    }

    /// <summary>Loads what a configuration names.</summary>
    /// <param name="source">The architecture, its weights, and what belongs to them.</param>
    /// <param name="progress">Told how far a download is.</param>
    /// <param name="cancel">Stops a download; what has arrived is kept.</param>
    /// <exception cref="InputException">A file is wrong; or the download fails.</exception>
    public static async Task<TrainedNetwork> LoadNamedAsync(
        NetworkSource source, IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        TrainedNetwork trained;
        if (source.Architecture == OnnxFile.Architecture)
        {
            trained = OnnxNetwork.Load(source.Weights, source.Graph, source.Output, source.Inputs);
            RequireFinite(trained.Weights, trained.Path);
        }
        else
        {
            trained = await LoadNamedAsync(source.Architecture, source.Weights, progress, cancel).ConfigureAwait(false);
        }

        return source.Classes is not { } labels ? trained : trained with
        {
            ClassLabels = Networks.ClassLabels.Read(labels, trained.Network.Classes),
            Parts = [.. trained.Parts, new FileRecord(System.IO.Path.GetFileName(labels), WeightFile.Sha256(labels))],
        };
    }

    /// <summary>Loads weights by what a configuration calls them.</summary>
    /// <param name="architecture">One of <see cref="ArchitectureList.Names"/>.</param>
    /// <param name="weights">
    /// The name of published weights (<c>imagenet</c>), which are downloaded once into the cache; of bundled ones (<c>shapes</c>); or a
    /// path.
    /// </param>
    /// <param name="progress">Told how far a download is.</param>
    /// <param name="cancel">Stops a download; what has arrived is kept.</param>
    /// <exception cref="InputException">As for <see cref="Load(string, string)"/>; or the download fails, with the URL and where to put the file by
    /// hand.</exception>
    public static async Task<TrainedNetwork> LoadNamedAsync(
        string architecture, string weights, IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        if (BundledWeights.Find(architecture, weights) is { } bundled)
        {
            return Load(architecture, bundled);
        }

        if (KnownWeights.Find(architecture, weights) is not { } known)
        {
            return Load(architecture, weights);
        }

        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        return Load(
            architecture, await new WeightDownload(client, WeightCache.Folder()).FetchAsync(known, progress, cancel).ConfigureAwait(false));
    }

    private static (Network Network, Weights Weights) Fitted(string architecture, Weights loaded, string path)
    {
        try
        {
            return Fit(architecture, loaded, path);
        }
        catch (WeightFileException) when (ArchitectureList.Names.FirstOrDefault(name => name != architecture && Fits(name)) is { } right)
        {
            throw new WeightFileException(path, $"these are {right}'s weights, not {architecture}'s; choose the architecture {right}");
        }

        bool Fits(string name)
        {
            try
            {
                Fit(name, loaded, path);
                return true;
            }
            catch (InputException)
            {
                return false;
            }
        }
    }

    private static (Network Network, Weights Weights) Fit(string architecture, Weights loaded, string path)
    {
        HashSet<string> names = ArchitectureList.Build(architecture).Tensors.Select(tensor => tensor.Name)
            .ToHashSet(StringComparer.Ordinal);
        Weights unwrapped = OldTorchvisionNames.Replaced(TimmNames.Replaced(WeightNames.Unwrapped(loaded, names)));
        Network network = ArchitectureList.Build(architecture, unwrapped);
        if (unwrapped.Names.Any(IsTrainingOnly))
        {
            unwrapped = new Weights(unwrapped.Where(one => !IsTrainingOnly(one.Key)));
        }

        return (network, WeightNames.Check(network.Tensors, unwrapped, path));
    }

    private static bool IsTrainingOnly(string name) =>
        ArchitectureList.TrainingOnly.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    private static IEnumerable<string> NotesOn(LoadedWeights loaded, Weights used)
    {
        if (loaded.StateDictPlace.Length > 0)
        {
            yield return $"the state dict under '{loaded.StateDictPlace}' is read";
        }

        string? other = loaded.Weights.Names.FirstOrDefault(name => !used.TryGet(name, out _) && !IsTrainingOnly(name));
        if (other is not null)
        {
            ReadOnlySpan<float> values = loaded.Weights[other].Values;
            string? here = null;
            foreach ((string name, HostTensor tensor) in used)
            {
                here ??= tensor.Values == values ? name : null;
            }

            yield return $"tensors have other names here, '{other}' is '{here}'";
        }
    }

    private static void RequireFinite(Weights weights, string path)
    {
        foreach ((string name, HostTensor tensor) in weights)
        {
            int faults = 0;
            foreach (float value in tensor.Values)
            {
                faults += float.IsFinite(value) ? 0 : 1;
            }

            if (faults > 0)
            {
                throw new WeightFileException(path, $"{faults} of the {tensor.Shape.Count} values of {name} are no finite numbers; a training that diverged leaves such files");
            }
        }
    }
}
