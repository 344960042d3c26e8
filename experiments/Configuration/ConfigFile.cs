using System.Text;
using SanityChecks.RunFiles;

namespace SanityChecks.Experiments.Configuration;

/// <summary>A configuration file before its keys are looked at.</summary>
internal static class ConfigFile
{
    private const int MostBytes = 1 << 20;

    /// <summary>The file's text.</summary>
    /// <exception cref="ConfigException">There is no such file, it cannot be read, is not UTF-8 (UTF-16 is told apart), or is larger than 1
    /// MiB.</exception>
    public static string Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (Directory.Exists(path))
            {
                throw new ConfigException($"{path}: is a folder, not a configuration file");
            }

            if (RegularFile.IsEmptyOrPipe(path))
            {
                throw new ConfigException($"{path}: holds no keys: {RegularFile.EmptyOrPipe}");
            }

            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[MostBytes + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MostBytes)
            {
                throw new ConfigException($"{path}: larger than 1 MiB, so not a configuration file");
            }

            if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || (length > 1 && (bytes[0] == 0 || bytes[1] == 0)))
            {
                throw new ConfigException($"{path}: is UTF-16 text; save it as UTF-8");
            }

            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return text.GetString(bytes, 0, length).TrimStart('\uFEFF');
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigException($"{Quoting.Shorten(path)}: no such file{Near(path, Path.GetDirectoryName(path))}", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new ConfigException($"{path}: not UTF-8 text, so not a configuration file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigException($"{Quoting.Shorten(path)}: cannot be read: {Quoting.Shorten(error.Message)}", error);
        }
    }

    /// <summary>The text's keys and values.</summary>
    /// <exception cref="ConfigException">The text is not YAML, empty, or no section of keys.</exception>
    public static ConfigMap Tree(string yaml, string path, ConfigProblems problems)
    {
        Place At(long line, long column) => column == 0 ? Place.Line(path, line) : new Place($"{path}:{line}:{column}", (int)line);
        return YamlTree.Read(yaml, At, problems) switch
        {
            ConfigMap map => map,
            null => throw new ConfigException(
                $"{path}: holds no keys; the smallest configuration is a line such as 'experiment: cascading_randomization'"),
            var other => throw new ConfigException(
                $"{other.Place.Text}: must be keys and values such as 'seed: 1', not {other.Description}"),
        };
    }

    private static string Near(string path, string? folder)
    {
        string place = string.IsNullOrEmpty(folder) ? "." : folder;
        if (!Directory.Exists(place))
        {
            return $"; there is no folder {Quoting.Shorten(place)} in {Directory.GetCurrentDirectory()}";
        }

        string[] files =
        [
            .. Directory.EnumerateFiles(place, "*", new EnumerationOptions()).Select(file => Path.GetFileName(file))
                .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".YAML" or ".YML").Order(StringComparer.Ordinal),
        ];
        string? nearest = NearestName.Suggest(Path.GetFileName(path), files);
        return nearest is null ? "" : $", nearest is {Path.Combine(folder ?? "", nearest)}";
    }
}
