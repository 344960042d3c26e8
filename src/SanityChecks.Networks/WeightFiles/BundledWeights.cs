using SanityChecks.RunFiles;

namespace SanityChecks.Networks.WeightFiles;

/// <summary>The weights that come with the program, so that it has something to explain before anything is downloaded.</summary>
public static class BundledWeights
{
    private static readonly (string Architecture, string Name)[] All = [("vgg16", "shapes")];

    /// <summary>What configurations call them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(one => one.Name)];

    /// <summary>Whether there are bundled weights of a name for an architecture.</summary>
    public static bool IsFor(string name, string architecture) => All.Contains((architecture, name));

    /// <summary>The path of a bundled file, or null where the name is not one of <see cref="Names"/>.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="name">What the configuration calls the weights.</param>
    /// <exception cref="InputException">The weights of this name are for another network.</exception>
    public static string? Find(string architecture, string name)
    {
        if (!Names.Contains(name))
        {
            return null;
        }

        return IsFor(name, architecture)
            ? Path.Combine(AppContext.BaseDirectory, "weights", $"{architecture}_{name}.safetensors")
            : throw new InputException(
                $"The bundled weights '{name}' are for {string.Join(", ", All.Where(one => one.Name == name).Select(one => one.Architecture))}, not {architecture}.");
    }
}
