using SanityChecks.Compute;
using SanityChecks.RunFiles;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Tests.Attribution;

/// <summary>Parameters: what is allowed, how they are spelled, and when two configured methods are one.</summary>
public class ConfiguredMethodTests
{
    private sealed class Dial()
        : AttributionMethod("dial", "Dial", "nobody", MethodFamily.Gradients, "a method with a parameter of each kind")
    {
        public override IReadOnlyList<Parameter> Parameters { get; } =
        [
            new IntegerParameter("steps", 50, 1, 1000, "how many"), new NumberParameter("noise", 0.15, 0, 1, "how much"),
            new ChoiceParameter("baseline", ["black", "white"], "from where"),
            new NumbersParameter("scales", [1, 0.5], 0, 2, "how far"),
        ];

        public override Tensor Compute(Explanation explanation, ConfiguredMethod configured) => throw new NotSupportedException();
    }

    private static readonly Dial Method = new();

    private static ConfiguredMethod With(string parameter, string value) =>
        ConfiguredMethod.Of(Method, new Dictionary<string, IReadOnlyList<string>> { [parameter] = value.Split(' ') });

    [Fact]
    public void Values_that_are_not_given_have_their_defaults_and_all_are_spelled_in_one_way()
    {
        Assert.Equal("steps=50 noise=0.15 baseline=black scales=[1, 0.5]", Text(Method));
        Assert.Equal("steps=7 noise=0.15 baseline=black scales=[1, 0.5]", Text(With("steps", "007")));
        Assert.Equal("steps=50 noise=0.01 baseline=black scales=[1, 0.5]", Text(With("noise", "1e-2")));
        Assert.Equal(
            (7, 0.01, "white"),
            (With("steps", "7").Values.Integer("steps"), With("noise", "1e-2").Values.Number("noise"),
                With("baseline", "white").Values["baseline"]));
        Assert.Equal([0.25, 2], With("scales", "2.5e-1 2").Values.Numbers("scales"));

        static string Text(ConfiguredMethod method) =>
            string.Join(' ', method.Values.All.Select(one => $"{one.Parameter.Name}={one.Parameter.Line(one.Value)}"));
    }

    [Theory]
    [InlineData("steps", "0", "dial: steps must be an integer from 1 to 1000, not '0'")]
    [InlineData("steps", "1.5", "dial: steps must be an integer from 1 to 1000, not '1.5'")]
    [InlineData("noise", "NaN", "dial: noise must be a number from 0 to 1, not 'NaN'")]
    [InlineData("noise", "1.01", "dial: noise must be a number from 0 to 1, not '1.01'")]
    [InlineData("baseline", "Black", "dial: baseline must be one of black, white, not 'Black'")]
    [InlineData("steps", "3 4", "dial: steps must be an integer from 1 to 1000, not '3, 4'")]
    [InlineData("scales", "1 1.0", "dial: scales must be a list of different numbers from 0 to 2, not '1, 1.0'")]
    [InlineData("scales", "1 3", "dial: scales must be a list of different numbers from 0 to 2, not '1, 3'")]
    [InlineData("step", "3", "dial has no parameter 'step'; it has steps, noise, baseline, scales")]
    public void What_is_not_allowed_is_refused_with_what_is(string parameter, string value, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => With(parameter, value)).Message);

    [Fact]
    public void Two_are_one_when_method_values_and_name_are()
    {
        Assert.Equal(With("steps", "50"), (ConfiguredMethod)Method);
        Assert.Equal(With("steps", "50").GetHashCode(), ((ConfiguredMethod)Method).GetHashCode());
        Assert.NotEqual(With("steps", "51"), (ConfiguredMethod)Method);
        Assert.NotEqual(With("scales", "1"), (ConfiguredMethod)Method);
        Assert.NotEqual(ConfiguredMethod.Of(Method, id: "other"), Method);
        Assert.Equal(("Dial", "Dial (other)"), (((ConfiguredMethod)Method).Title, ConfiguredMethod.Of(Method, id: "other").Title));
    }
}
