using SanityChecks.RunFiles;

namespace SanityChecks.Networks.Architectures;

/// <summary>The networks that can be built, by name.</summary>
public static class ArchitectureList
{
    private static readonly (string Name, Func<Weights?, Network> Build)[] All =
    [
        ("vgg16", Vgg.Vgg16),
        ("vgg16_bn", Vgg.Vgg16BatchNorm),
        ("vgg19", Vgg.Vgg19),
        ("squeezenet1_1", SqueezeNet.SqueezeNet11),
    ];

    /// <summary>The names, as in <c>model.architecture</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(architecture => architecture.Name)];

    /// <summary>Builds a network.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="weights">Sets the widths and the number of classes; null for the published ones.</param>
    /// <exception cref="InputException">There is no such architecture; the message lists them.</exception>
    public static Network Build(string name, Weights? weights = null)
    {
        foreach ((string candidate, Func<Weights?, Network> build) in All)
        {
            if (candidate == name)
            {
                return build(weights);
            }
        }

        throw new InputException($"There is no architecture '{name}'; the architectures are {string.Join(", ", Names)}.");
    }
}
