using System.CommandLine;
using SanityChecks.Images;
using SanityChecks.Images.Sources;
using SanityChecks.RunFiles;

namespace SanityChecks.Cli;

/// <summary>Arguments that are paths.</summary>
internal static class PathArgument
{
    /// <summary>Takes nothing that begins with two hyphens: a mistyped option would be a file that does not exist.</summary>
    public static void RefuseOptions(this Argument paths) => paths.Validators.Add(result =>
    {
        foreach (string option in result.Tokens.Select(token => token.Value)
            .Where(value => value.StartsWith("--", StringComparison.Ordinal)))
        {
            result.AddError($"Unrecognized option '{option}'.");
        }
    });

    /// <summary>The image at a path, or every image below it where it is a folder.</summary>
    /// <exception cref="InputException">The folder holds none, or may not be read.</exception>
    public static IEnumerable<string> Images(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        try
        {
            FoundImages found = ImageFiles.Find(path, recursive: true);
            return found.Images.Count > 0
                ? found.Images.Select(image => Path.Combine(path, image.Name))
                : throw new InputException($"There are no images below {path}; {ImageKind.ReadNames} can be read.");
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InputException($"The folder {path} cannot be read: {error.Message}", error);
        }
    }
}
