using System.Runtime.InteropServices;

namespace SanityChecks.Cli;

/// <summary>Ctrl+C and SIGTERM. What a run computes at that moment is finished and kept; a second signal ends the program at once, and so
/// does the first where there is nothing to keep.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>For commands that look at the token between two files: they end tidily, and one that waits for a disk that does not answer
    /// is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>For the network that is being explained; what is lost if it takes longer is one batch.</summary>
    private static readonly TimeSpan GraceToFinish = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource source = new();
    private readonly TaskCompletionSource overdue = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PosixSignalRegistration[] signals;
    private volatile bool keeping;
    private CancellationTokenSource? batch;

    public Interruption() =>
        signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, On), PosixSignalRegistration.Create(PosixSignal.SIGTERM, On)];

    /// <summary>Asks to stop.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Asks to stop as soon as the batch at hand is written, however long that takes: SIGUSR1, which schedulers send before a
    /// job's time is up. From the first call on; a program that nobody asked for this ends by that signal.</summary>
    public CancellationToken AfterBatch()
    {
        if (batch is null && !OperatingSystem.IsWindows())
        {
            batch = new CancellationTokenSource();
            signals = [.. signals, PosixSignalRegistration.Create((PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30), context =>
            {
                context.Cancel = true;
                Terminal.ErrorLine("Stopping after the batch at hand.");
                batch.Cancel();
            })];
        }

        return batch?.Token ?? default;
    }

    /// <summary>Runs what should be brought to a state that is worth keeping when a signal comes.</summary>
    public T Keeping<T>(Func<T> run)
    {
        keeping = true;
        try
        {
            return run();
        }
        finally
        {
            keeping = false;
        }
    }

    /// <summary>Waits for work, but no longer than a signal allows.</summary>
    /// <param name="work">Goes on, unobserved, where it is too late.</param>
    /// <exception cref="OperationCanceledException">A signal came, and the work ended by it or did not end in time.</exception>
    public async Task<int> WaitAsync(Task<int> work) =>
        await Task.WhenAny(work, overdue.Task) == work ? await work : throw new OperationCanceledException(source.Token);

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in signals)
        {
            signal.Dispose();
        }

        source.Dispose();
        batch?.Dispose();
    }

    private void On(PosixSignalContext context)
    {
        context.Cancel = true;
        if (source.IsCancellationRequested)
        {
            overdue.TrySetResult();
            return;
        }

        if (keeping)
        {
            Terminal.ErrorLine("Stopping as soon as what is finished is safe; the same signal again stops at once.");
        }

        _ = Task.Delay(keeping ? GraceToFinish : Grace).ContinueWith(_ => overdue.TrySetResult(), TaskScheduler.Default);
        source.CancelAsync();
    }
}
