using System.CommandLine;
using SanityChecks.Reporting;
using SanityChecks.RunFiles;

namespace SanityChecks.Cli;

/// <summary>The page of a run, made again from the files in its folder.</summary>
internal static class ReportCommand
{
    public const string Name = "report";

    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a finished run." };
        var command = new Command(
            Name, "Writes report.html of a finished run again: verdict, charts, maps and tables in one page that needs no other file.")
        {
            run,
        };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(run)!;
            new RunFolder(folder).ReadFinished();
            Terminal.Line($"report: {RunReport.Write(folder)}");
            return 0;
        });
        return command;
    }
}
