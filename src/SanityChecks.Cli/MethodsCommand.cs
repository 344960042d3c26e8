using System.CommandLine;
using SanityChecks.Saliency.Attribution;
using SanityChecks.Saliency.Faithfulness;
using SanityChecks.Saliency.Localization;
using SanityChecks.Saliency.Parameters;

namespace SanityChecks.Cli;

/// <summary>Lists the attribution methods with their parameters and sources.</summary>
internal static class MethodsCommand
{
    public const string Name = "methods";

    public static Command Create()
    {
        var command = new Command(Name, "Lists the attribution methods and the measures of faithfulness and localization, their sources and parameters.");
        command.SetAction(_ =>
        {
            foreach (AttributionMethod method in AttributionMethods.All)
            {
                Print(method);
            }

            Terminal.Line("In a configuration: methods: [grad_cam, {name: NAME, PARAMETER: VALUE, as: NAME_IN_RESULTS}]; as is needed where one method stands there twice.");
            Terminal.Line("Measures of faithfulness, for the key faithfulness in the same way:");
            foreach (FaithfulnessMeasure measure in FaithfulnessMeasures.All)
            {
                Terminal.Line($"{measure.Name}: {measure.Title}: {measure.Description} ({measure.Source}).");
                Print(measure.Parameters);
            }

            Terminal.Line("Measures of localization, for the key localization in the same way:");
            foreach (LocalizationMeasure measure in LocalizationMeasures.All)
            {
                Terminal.Line($"{measure.Name}: {measure.Title}: {measure.Description}; {measure.ByChance} ({measure.Source}).");
                Print(measure.Parameters);
            }
        });
        return command;
    }

    private static void Print(AttributionMethod method)
    {
        Terminal.Line(
            $"{method.Name}: {method.Title}: {method.Description} ({method.Source}). Maps {(method.Signed ? "have a sign" : "are not negative")}{(method.ShowsClass ? "" : ", and are the same for every class")}.");
        Print(method.Parameters);
    }

    private static void Print(IEnumerable<Parameter> parameters)
    {
        foreach (Parameter parameter in parameters)
        {
            Terminal.Line($"    {parameter.Name}: {parameter.Help}; {parameter.Allowed}, {parameter.Line(parameter.Default)} by default");
        }
    }
}
