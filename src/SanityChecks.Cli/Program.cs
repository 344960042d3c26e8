using System.CommandLine;
using System.CommandLine.Help;
using SanityChecks.Cli;
using SanityChecks.Compute;
using SanityChecks.RunFiles;

const int Failed = 1, WrongInput = 2, Interrupted = 130;

using var interruption = new Interruption();
RootCommand root = RunCommand.Create(interruption);
root.Subcommands.Add(ExplainCommand.Create());
root.Subcommands.Add(LocalizeCommand.Create());
root.Subcommands.Add(ScoreCommand.Create());
root.Subcommands.Add(TrainCommand.Create(interruption));
root.Subcommands.Add(VerifyCommand.Create(interruption));
root.Subcommands.Add(ReportCommand.Create());
root.Subcommands.Add(ShardsCommand.Create(interruption));
root.Subcommands.Add(CompareCommand.Create());
root.Subcommands.Add(ShapesCommand.Create());
root.Subcommands.Add(ImagesCommand.Create());
root.Subcommands.Add(ModelsCommand.Create());
root.Subcommands.Add(MethodsCommand.Create());
root.Subcommands.Add(AxiomsCommand.Create());
foreach (HelpOption help in root.Options.OfType<HelpOption>())
{
    help.Action = new HelpWithExamples((HelpAction)help.Action!);
}

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    return Say(string.Join(" ", parsed.Errors.Select(error => error.Message)) + " --help shows examples.", WrongInput);
}

try
{
    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await interruption.WaitAsync(Task.Run(() => parsed.InvokeAsync(invocation, interruption.Token)));
}
catch (InputException error)
{
    return Say(error.Message, WrongInput);
}
catch (EngineException error)
{
    return Say(error.Message, WrongInput);
}
catch (EngineMemoryException error)
{
    return Say(
        $"{char.ToUpperInvariant(error.Message[0])}{error.Message[1..]}. What was finished is kept; the same command goes on from there.",
        Failed);
}
catch (OperationCanceledException)
{
    return Say("Interrupted. What was finished is kept; the same command goes on from there.", Interrupted);
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException)
{
    return Say(error.Message, Failed);
}
catch (Exception error)
{
    return Say($"The run failed, which is a defect of the program: {error}", Failed);
}

static int Say(string message, int code)
{
    Terminal.ErrorLines(message);
    return code;
}
