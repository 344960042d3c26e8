using System.Diagnostics;

namespace SanityChecks.Benchmarks;

/// <summary>Times workloads in turn, so that a busy moment of the machine meets all of them.</summary>
internal static class Timing
{
    // In the first second of a process the JIT compiler still compiles again what runs often, on one of the processors.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>The median of each workload's seconds, after a second of runs that are not counted.</summary>
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
