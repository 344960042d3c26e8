using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SanityChecks.RunFiles;

/// <summary>Facts about a run as JSON files.</summary>
public static class RecordFile
{
    /// <summary>How they are written: keys in snake case, what is null left out.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // names stay readable; the file is never part of a page
    };

    /// <summary>Reads a record; null where there is none or it cannot be read as one.</summary>
    /// <param name="path">The file.</param>
    public static TRecord? Read<TRecord>(string path)
        where TRecord : class
    {
        try
        {
            return JsonSerializer.Deserialize<TRecord>(RegularFile.ReadAllBytes(path), Options);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a record, whole.</summary>
    /// <param name="path">An existing file is replaced.</param>
    /// <param name="record">What it holds.</param>
    public static void Write<TRecord>(string path, TRecord record) => WholeFile.Write(path, Text(record));

    /// <summary>Writes a record that is not there yet (<see cref="WholeFile.WriteFirst"/>).</summary>
    /// <param name="path">An existing file stays as it is.</param>
    /// <param name="record">What it holds.</param>
    public static void WriteFirst<TRecord>(string path, TRecord record) => WholeFile.WriteFirst(path, Text(record));

    private static string Text<TRecord>(TRecord record) => JsonSerializer.Serialize(record, Options) + "\n";
}
