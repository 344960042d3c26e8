namespace SanityChecks.Experiments.Configuration;

/// <summary>A published system's way of doing the test, key <c>protocol</c>: values that stand for keys that are not given, and for those
/// of the file where the protocol is asked for on the command line.</summary>
/// <remarks>The system's own definitions, read in its source at the commit that is named; <see cref="Beyond"/> says what no key of ours
/// decides. Any value can be given otherwise, and the run then says so.</remarks>
/// <param name="Name">What configurations say.</param>
/// <param name="Source">Repository and commit.</param>
/// <param name="Beyond">What differs all the same, a sentence for the user.</param>
/// <param name="Values">Keys and values, as for <c>--set</c>.</param>
public sealed record Protocol(string Name, string Source, string Beyond, IReadOnlyList<string> Values)
{
    /// <summary>The key.</summary>
    public const string Key = "protocol";

    /// <summary>The value without a protocol.</summary>
    public const string None = "none";

    /// <summary>The only protocol in which a constant map counts as 0.</summary>
    public const string SeedRepository = "seed_repository";

    private const string Cascading = "experiment=cascading_randomization", TopDown = "randomization.order=top_down",
        Separate = "maps.channels=separate", Signed = "maps.values=signed", Omit = "undefined=omit",
        NewLayers = "randomization.initializer=pytorch_default",
        ResetBatchNorm = "randomization.batch_norm=reset_statistics";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Protocol> All { get; } =
    [
        new(SeedRepository, "the repository whose experiment this program repeats, as its description has it",
            "its plots divide the sum over 50 images by 16: its curves are 50/16 times the means here",
            [
                Cascading, "model.architecture=vgg19", "model.weights=imagenet", "preprocessing=squash", "randomization.layers=conv",
                TopDown,
                "layer=pool5", "metrics=[spearman, spearman_abs, ssim, hog]", "maps.channels=sum", Signed, "undefined=zero",
            ]),
        new("paper", "adebayoj/sanity_checks_saliency@3e24048, notebooks/inceptionv3_cascading_randomization.ipynb",
            "for maps with channels its absolute rank correlation takes the sum of magnitudes, SSIM the mean over channels and HOG the steepest channel, where here the channels' sum is scored; its maps are cut at their 99th percentile",
            [
                Cascading, "target=repredicted", "randomization.layers=blocks", TopDown, "randomization.initializer=truncated_normal",
                "metrics=[spearman, spearman_abs, {name: ssim, data_range: 2, covariance: sample}, {name: hog, correlation: spearman}]",
                "maps.channels=sum", Signed, Omit,
            ]),
        new("quantus", "understandable-machine-intelligence-lab/Quantus@85bc29d, quantus/metrics/randomisation/mprt.py",
            "it divides maps by the largest magnitude of their batch, which changes no rank",
            [
                Cascading, "randomization.layers=all", TopDown, NewLayers, ResetBatchNorm, "metrics=[spearman]", Separate,
                "maps.values=abs", Omit,
            ]),
        new("quantus_revisited", "annahedstroem/sanity-checks-revisited@05ddc2d, src/setup_estimators.py",
            "it compares the last step alone and divides maps by the second moment of their batch, here by each map's own; its smooth MPRT is smooth: 50 in each method",
            [
                Cascading, "randomization.layers=all", "randomization.order=bottom_up", NewLayers, ResetBatchNorm,
                "metrics=[{name: ssim, window: uniform, data_range: joint, covariance: sample, dimensions: 1, scale: second_moment}, entropy_rise]",
                Separate, Signed, Omit,
            ]),
        new("xplique", "deel-ai/xplique@0c90fa4, xplique/metrics/randomization.py",
            "it compares one step alone, that of a quarter of the layers (rounded down), and takes the channels' mean, which changes no rank",
            [
                Cascading, "randomization.layers=all", TopDown, "randomization.initializer=unit_uniform", "randomization.bias=with_weight",
                "metrics=[spearman]", "maps.channels=sum", Signed, Omit,
            ]),
        new("arun", "QTIM-Lab/Assessing-Saliency-Maps@8d47c70, scripts/create_maps_siim.py and randomization_plot_siim.py",
            "its random networks are checkpoints that it does not hold, and how they were made it does not say",
            [
                Cascading, "target=repredicted", "randomization.layers=blocks", TopDown,
                "metrics=[{name: ssim, window: uniform, data_range: 2, covariance: sample, scale: percentile}]", "maps.channels=abs_sum",
                Signed, Omit,
            ]),
    ];

    /// <summary>What the key may say.</summary>
    internal static IReadOnlyList<string> Names { get; } = [None, .. All.Select(protocol => protocol.Name)];

    private IEnumerable<string> Keys => Values.Select(value => value[..value.IndexOf('=', StringComparison.Ordinal)]);

    /// <summary>Overrides with the values of a protocol among them in front, so that whoever asks for a protocol on the command line gets
    /// it whatever the file spells out, but for what other overrides say and for the network, which is what is tested and not
    /// how.</summary>
    /// <param name="overrides">Overrides.</param>
    internal static IReadOnlyList<GivenValue> Expanded(IReadOnlyList<GivenValue> overrides)
    {
        Protocol? protocol = overrides.Select(given => given.Assignment.Split('=', 2))
            .Where(parts => parts.Length == 2 && parts[0].Trim() == Key)
            .Select(parts => All.FirstOrDefault(one => one.Name == parts[1].Trim())).LastOrDefault();
        return protocol is null ? overrides
            : [.. protocol.Values.Where(value => !value.StartsWith("model.", StringComparison.Ordinal)).Select(value => (GivenValue)value),
                .. overrides];
    }

    /// <summary>The configuration with the protocol's values for keys that it does not give.</summary>
    /// <param name="map">The whole file, overrides applied.</param>
    /// <param name="problems">Receives nothing but what a wrong value of a protocol would be.</param>
    internal static ConfigMap Apply(ConfigMap map, ConfigProblems problems)
    {
        if (map.Find(Key)?.Value is not ConfigScalar { Text: var name } written
            || All.FirstOrDefault(one => one.Name == name) is not { } protocol)
        {
            return map;
        }

        foreach (string value in protocol.Values)
        {
            string[] parts = value.Split('=', 2), keys = parts[0].Split('.');
            if (!IsGiven(map, keys) && YamlTree.Read(parts[1], (_, _) => written.Place, problems, parts[0]) is { } node)
            {
                map = map.With(keys, node);
            }
        }

        return map;
    }

    /// <summary>What a user is told of the protocol of a run.</summary>
    /// <param name="config">A configuration.</param>
    public static IEnumerable<string> NotesOn(ExperimentConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Notes(config);
    }

    private static IEnumerable<string> Notes(ExperimentConfig config)
    {
        if (All.FirstOrDefault(one => one.Name == config.Protocol) is not { } protocol)
        {
            yield break;
        }

        yield return $"protocol {protocol.Name} ({protocol.Source}): {protocol.Beyond}";
        ExperimentConfig unchanged = ExperimentConfig.Parse($"{Key}: {protocol.Name}", Key, [], Catalogue.Vocabulary);
        foreach (string difference in config.Differences(unchanged).Where(line => protocol.Keys.Any(
            key => line.StartsWith(key + ":", StringComparison.Ordinal) || line.StartsWith(key + ".", StringComparison.Ordinal))))
        {
            yield return $"not as protocol {protocol.Name} has it: {difference.Replace(", other ", ", there ", StringComparison.Ordinal)}";
        }
    }

    /// <summary>Whether a key, or one value for the whole section that it belongs to, is written.</summary>
    private static bool IsGiven(ConfigMap map, string[] keys)
    {
        ConfigNode? node = map.Find(keys[0])?.Value;
        return keys.Length == 1 ? node is not null : node is ConfigMap section ? section.Find(
            keys[1]) is not null : node is ConfigScalar { IsNull: false };
    }
}
