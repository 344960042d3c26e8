using System.Text.RegularExpressions;

namespace SanityChecks.Networks.Architectures;

/// <summary>Tensor names of DenseNet's published weights, which are older than torchvision's modules: <c>denselayer1.norm.1.weight</c> is
/// <c>denselayer1.norm1.weight</c>.</summary>
internal static partial class OldTorchvisionNames
{
    /// <summary>The weights under today's names; the same object where none is old.</summary>
    /// <param name="weights">What was loaded, wrappers' parts of the names taken out.</param>
    public static Weights Replaced(Weights weights) => weights.Names.Any(Old().IsMatch)
        ? new Weights(weights.Select(one => KeyValuePair.Create(Old().Replace(one.Key, "$1$2"), one.Value)))
        : weights;

    [GeneratedRegex(@"(denselayer\d+\.(?:norm|conv))\.([12]\.)")]
    private static partial Regex Old();
}
