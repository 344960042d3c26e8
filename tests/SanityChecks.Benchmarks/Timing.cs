using System.Diagnostics;

namespace SanityChecks.Benchmarks;

/// <summary>Times workloads in turn, so that a busy moment of the machine meets all of them.</summary>
internal static class Timing
{
    // In the first seconds of a process the JIT compiler compiles again what runs often, and the heap still grows: a new weight's packed
    // rows then lie in memory that the system has to clear first, 4,100 page faults and 25 ms of processor time for 2048 x 2048.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>The median of each workload's seconds, after three seconds of runs that are not counted.</summary>
    public static double[] Medians(int repeats, params Action[] workloads)
    {
        double[][] seconds = [.. workloads.Select(_ => new double[repeats])];
        long begin = Stopwatch.GetTimestamp();
        do
        {
            foreach (Action workload in workloads)
            {
                workload();
            }
        }
        while (Stopwatch.GetElapsedTime(begin) < WarmUp);

        for (int repeat = 0; repeat < repeats; repeat++)
        {
            for (int i = 0; i < workloads.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                workloads[i]();
                seconds[i][repeat] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return [.. seconds.Select(Median)];
    }

    /// <summary>The median of a workload's seconds, all runs counted.</summary>
    public static double MedianOf(int repeats, Action workload)
    {
        double[] seconds = new double[repeats];
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            workload();
            seconds[repeat] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return Median(seconds);
    }

    /// <summary>Values in [-0.5, 0.5), the same in each run.</summary>
    public static float[] Noise(long count, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        return values;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
