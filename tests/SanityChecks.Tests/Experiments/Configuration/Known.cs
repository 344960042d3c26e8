using SanityChecks.Experiments;
using SanityChecks.Experiments.Configuration;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Similarity;

namespace SanityChecks.Tests.Experiments.Configuration;

/// <summary>Names to check configurations against.</summary>
internal static class Known
{
    public static ConfigVocabulary Names { get; } = new()
    {
        Experiments = [Catalogue.Find("cascading_randomization"), Catalogue.Find("independent_randomization")],
        Architectures = ["vgg16", "vgg19", "squeezenet1_1"],
        NamedWeights = ["imagenet", "shapes"],
        Preprocessings = ["imagenet", "squash"],
        Methods = [GradCam.Instance, GuidedBackprop.Instance, GuidedGradCam.Instance, InputGradient.Instance, Deconvnet.Instance],
        Metrics = [Spearman.Signed, Spearman.Absolute, Ssim.Metric, HogSimilarity.Metric],
        References = ["original", "other_image", "shuffled"],
        Faithfulness = FaithfulnessMeasures.All,
        Localization = LocalizationMeasures.All,
        Initializers = ["pytorch_default", "he_normal", "trained_normal", "truncated_normal", "permutation"],
    };

    /// <summary>A configuration from text, called c.yaml in problems.</summary>
    public static ExperimentConfig Parse(string yaml, params string[] overrides) =>
        ExperimentConfig.Parse(yaml, "c.yaml", [.. overrides], Names);

    /// <summary>The lines that a user reads.</summary>
    public static string Problems(string yaml, params string[] overrides) =>
        Assert.Throws<ConfigException>(() => Parse(yaml, overrides)).Message;
}
