namespace SanityChecks.Experiments.Execution;

/// <summary>Counts the units of a session that are done and what was done for each, and tells.</summary>
/// <param name="units">Units that the session has to score.</param>
/// <param name="rounds">Networks and measures of faithfulness of all of them.</param>
/// <param name="progress">Told after each network and measure.</param>
internal sealed class RunTally(int units, long rounds, IProgress<RunProgress> progress)
{
    private int done;
    private long doneRounds;
    private int together;
    private int roundsOfEach;
    private int explained;

    /// <summary>Units whose image cannot be read.</summary>
    public void Skip(int count, int roundsOfEach) => (done, doneRounds) = (done + count, doneRounds + ((long)count * roundsOfEach));

    /// <summary>A batch of so many units begins.</summary>
    public void Begin(int count, int roundsOfEach) => (together, this.roundsOfEach, explained) = (count, roundsOfEach, 0);

    /// <summary>The batch has been explained with one network more, or its maps by one method measured in one way more.</summary>
    public void Explained(string what)
    {
        explained++;
        Show(what);
        if (explained == roundsOfEach)
        {
            Skip(together, roundsOfEach);
            Begin(0, 0);
        }
    }

    /// <summary>Something that takes long is at work.</summary>
    public void Show(string now) => Tell(now, null);

    /// <summary>The batch is too large, and smaller ones are tried.</summary>
    public void GiveUp(string warning)
    {
        Begin(0, 0);
        Tell("a smaller batch", warning);
    }

    private void Tell(string now, string? warning) => progress.Report(new RunProgress(
        explained == roundsOfEach ? done + together : done, units, doneRounds + ((long)explained * together), rounds, now, warning));
}
