using System.Globalization;
using SanityChecks.Compute;
using SanityChecks.Images;
using SanityChecks.Networks;
using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Attribution;

/// <summary>Every method of the list, cheap enough for tests of what must hold of all.</summary>
internal static class EveryMethod
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Few = new()
    {
        ["steps"] = ["2"], ["samples"] = ["2"], ["masks"] = ["2"], ["stride"] = ["100"],
    };

    private static readonly ConfiguredMethod[] All = [.. AttributionMethods.All.Select(method => ConfiguredMethod.Of(
        method, Few.Where(few => method.Parameters.Any(parameter => parameter.Name == few.Key)).ToDictionary()))];

    /// <summary>The methods that a network allows, those of many passes with two.</summary>
    public static ConfiguredMethod[] On(Network network) => [.. All.Where(method => method.Method.Obstacle(network) is null)];

    /// <summary>A meaning for a batch of made-up inputs [N, 3, H, W]: each is called by its first value, and lies over a black
    /// picture.</summary>
    public static InputSpace Space(HostTensor inputs)
    {
        int height = inputs.Shape[2], width = inputs.Shape[3];
        string[] ids =
            [.. inputs.Values.ToArray().Chunk(3 * height * width).Select(image => image[0].ToString("R", CultureInfo.InvariantCulture))];
        return new InputSpace(
            1, ids, [.. ids.Select(_ => new RgbImage(width, height, new byte[3 * height * width]))], Normalization.ImageNet);
    }
}
