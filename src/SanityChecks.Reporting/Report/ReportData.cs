using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SanityChecks.Reporting.Report;

/// <summary>What the page's scripts read.</summary>
/// <param name="Methods">What the column <c>method</c> says.</param>
/// <param name="Titles">The methods for people, in the same order.</param>
/// <param name="StepHeader">What a step's name is.</param>
/// <param name="Steps">The steps' numbers.</param>
/// <param name="StepNames">Their names.</param>
/// <param name="Charts">The charts.</param>
/// <param name="Summary">The summary's rows.</param>
/// <param name="Scores">Scores of single images.</param>
/// <param name="Classes">Names of classes by their indices; some have none.</param>
/// <param name="Images">The images with maps; the maps stand in elements of their own, which are read when they are looked at.</param>
/// <param name="Positive">The 256 colors of maps without a sign: red, green and blue of each, in base 64.</param>
/// <param name="Diverging">The same of signed maps.</param>
internal sealed record ReportData(
    IReadOnlyList<string> Methods, IReadOnlyList<string> Titles, string StepHeader, IReadOnlyList<int> Steps,
    IReadOnlyList<string> StepNames, IReadOnlyList<ReportChart> Charts, IReadOnlyList<ReportSummary> Summary, ReportScores Scores,
    IReadOnlyDictionary<int, string> Classes, IReadOnlyList<ReportImage> Images, string Positive, string Diverging)
{
    // The default encoder writes < > & ' and all but ASCII as escapes: no text can end the element that holds it.
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ShortNumber() },
    };

    /// <summary>A value as JSON that may stand between tags.</summary>
    public static string Json<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Numbers with six digits: more than anybody sees; the CSV files have all of them.</summary>
    private sealed class ShortNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(
                double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                    .ToString("R", CultureInfo.InvariantCulture));
    }
}
