using System.Text.Json;
using SanityChecks.Tests.Experiments;

namespace SanityChecks.Tests.Cli;

public sealed class AxiomsCommandTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    [Fact]
    public void Without_an_image_it_shows_known_functions_in_a_table_and_says_why_a_cell_is_empty()
    {
        (int code, string output, string error) = ProgramCall.Run("axioms", "--methods", "integrated_gradients,grad_cam");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(
            output.Split('\n'), line => line.Contains("integrated_gradients", StringComparison.Ordinal)
                && line.Contains("pass: -2", StringComparison.Ordinal)
                && line.Contains("pass: (1.5, -0.5) and (1.5, -0.5)", StringComparison.Ordinal));
        Assert.Contains("\nsensitivity, saturated: what alone differs from the baseline", output, StringComparison.Ordinal);
        Assert.EndsWith("-: weighs a layer's channels, not the input: grad_cam\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void With_an_image_Json_has_every_axiom_of_every_method()
    {
        (int code, string output, string error) = ProgramCall.Run(
            "axioms", small.ImagePath(0), "--weights", small.WeightsPath, "--methods", "gradient,lrp_zplus", "--json");
        Assert.Equal((0, ""), (code, error));
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement[] results = [.. document.RootElement.EnumerateArray()];
        Assert.Equal(12, results.Length);
        Assert.Equal(
            ["axiom", "asks", "method", "verdict", "says"], results[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["does_not_apply", "fail", "pass"],
            results.Select(result => result.GetProperty("verdict").GetString()).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_image_that_is_none_is_an_error_of_one_line()
    {
        (int code, string output, string error) = ProgramCall.Run(
            "axioms", small.WeightsPath, "--weights", small.WeightsPath, "--methods", "gradient");
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"The image {small.WeightsPath} cannot be read: ", error, StringComparison.Ordinal);
    }
}
