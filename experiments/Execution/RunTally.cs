namespace SanityChecks.Experiments.Execution;

/// <summary>Counts the units and networks of a session that are done, and tells.</summary>
/// <param name="units">Units that the session has to score.</param>
/// <param name="networks">Networks of each.</param>
/// <param name="progress">Told after each network.</param>
internal sealed class RunTally(int units, int networks, IProgress<RunProgress> progress)
{
    private int done;
    private int together;
    private int explained;

    /// <summary>Units whose image cannot be read.</summary>
    public void Skip(int count) => done += count;

    /// <summary>A batch of so many units begins.</summary>
    public void Begin(int count) => (together, explained) = (count, 0);

    /// <summary>The batch has been explained with one network more.</summary>
    public void Explained(string network)
    {
        explained++;
        Tell(network, null);
        if (explained == networks)
        {
            (done, together, explained) = (done + together, 0, 0);
        }
    }

    /// <summary>The batch is too large, and smaller ones are tried.</summary>
    public void GiveUp(string warning)
    {
        Begin(0);
        Tell("a smaller batch", warning);
    }

    private void Tell(string now, string? warning) => progress.Report(new RunProgress(
        explained == networks
            ? done + together
            : done, units, ((long)done * networks) + ((long)explained * together), (long)units * networks, now, warning));
}
