using SanityChecks.RunFiles;

namespace SanityChecks.Cli;

/// <summary>How this program is started on another machine that sees the same disk.</summary>
/// <param name="Words">The program, and what stands before a library where it is none by itself.</param>
internal sealed record ProgramCommand(IReadOnlyList<string> Words)
{
    /// <summary>As the user gave it, or this one.</summary>
    /// <param name="given">A published program or its <c>.dll</c>; null for this one.</param>
    /// <param name="published">Whether a build, which the next <c>dotnet run</c> replaces while others read it, is refused.</param>
    /// <exception cref="InputException">It is not there, or is a build.</exception>
    public static ProgramCommand Of(string? given, bool published)
    {
        string program = Path.GetFullPath(given ?? Path.Combine(AppContext.BaseDirectory, "SanityChecks"));
        if (given is null && !File.Exists(program))
        {
            program = Path.ChangeExtension(program, OperatingSystem.IsWindows() ? "exe" : "dll");
        }

        if (!File.Exists(program))
        {
            throw new InputException($"There is no program {program}: publish it once, dotnet publish SanityChecks.csproj -c Release -o FOLDER, and give --program FOLDER/SanityChecks.");
        }

        if (published && program.Replace('\\', '/').Contains("/artifacts/bin/", StringComparison.Ordinal))
        {
            throw new InputException("This program is a build, which the next dotnet run replaces under the shards' feet: publish it once, dotnet publish SanityChecks.csproj -c Release -o FOLDER on the shared disk, and give --program FOLDER/SanityChecks.");
        }

        return new ProgramCommand(program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program]);
    }

    /// <summary>A line for a shell that runs it.</summary>
    public string Line(params string[] arguments) => string.Join(' ', Words.Concat(arguments).Select(Shell));

    /// <summary>A word as a shell takes it for one.</summary>
    public static string Shell(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-:=,+@%".Contains(c))
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
