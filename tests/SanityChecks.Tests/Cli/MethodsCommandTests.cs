using SanityChecks.Saliency.Attribution;

namespace SanityChecks.Tests.Cli;

public class MethodsCommandTests
{
    [Fact]
    public void It_lists_every_method_with_its_source_and_its_parameters()
    {
        (int code, string output, string error) = ProgramCall.Run("methods");
        Assert.Equal((0, ""), (code, error));
        string[] lines =
            [.. output.Split('\n').TakeWhile(line => !line.StartsWith("In a configuration:", StringComparison.Ordinal))];
        Assert.Equal(
            AttributionMethods.All.Select(method => method.Name),
            lines.Where(line => line[0] != ' ').Select(line => line.Split(':')[0]));
        Assert.All(
            AttributionMethods.All, method =>
                Assert.Contains(
                    $"({method.Source}). ", lines.First(line => line.StartsWith(method.Name + ": ", StringComparison.Ordinal)),
                    StringComparison.Ordinal));
        Assert.Equal(
            AttributionMethods.All.SelectMany(method => method.Parameters)
                .Select(parameter =>
                $"    {parameter.Name}: {parameter.Help}; {parameter.Allowed}, {string.Join(", ", parameter.Default)} by default"),
            lines.Where(line => line[0] == ' '));
    }
}
