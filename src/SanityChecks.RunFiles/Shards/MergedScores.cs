namespace SanityChecks.RunFiles.Shards;

/// <summary>A shard's scores, and what must be in them.</summary>
/// <param name="Shard">Which.</param>
/// <param name="Path">Its <c>scores.csv</c>.</param>
/// <param name="Units">All units that it has to have, in order.</param>
public sealed record ShardScores(Shard Shard, string Path, IEnumerable<Unit> Units);

/// <summary>Makes <c>scores.csv</c> of a run from those of its shards: their bytes in the order of the plan, which are those of a run that
/// was never divided.</summary>
public static class MergedScores
{
    private const int Block = 1 << 20;

    /// <summary>Checks each shard's units, and writes the whole file. One shard at a time is in memory.</summary>
    /// <param name="path">The run's <c>scores.csv</c>; appears whole.</param>
    /// <param name="shards">All shards, in order.</param>
    /// <param name="rowsOf">How many rows a unit has.</param>
    /// <exception cref="InputException">A shard's file lacks units, or has others; the message says which.</exception>
    public static void Write(string path, IReadOnlyList<ShardScores> shards, Func<Unit, int> rowsOf)
    {
        ArgumentNullException.ThrowIfNull(shards);
        WholeFile.Write(path, file =>
        {
            file.Write(ScoresFile.Header);
            var others = new (long Start, long End)[shards.Count];
            for (int i = 0; i < shards.Count; i++)
            {
                byte[] bytes = RegularFile.ReadAllBytes(shards[i].Path);
                (IReadOnlyList<FinishedUnit> units, long end) = ScoresFile.FinishedIn(shards[i].Path, bytes, rowsOf);
                Require(shards[i], units);

                // All shards' units of the first draw stand before anyone's of the next.
                int first = units.TakeWhile(one => one.Unit.Draw == 1).Count();
                long start = first > 0 ? units[first - 1].End : ScoresFile.Header.Length;
                file.Write(bytes.AsSpan(ScoresFile.Header.Length, (int)start - ScoresFile.Header.Length));
                others[i] = (start, end);
            }

            for (int i = 0; i < shards.Count; i++)
            {
                Copy(shards[i].Path, others[i].Start, others[i].End, file);
            }
        });
    }

    private static void Require(ShardScores shard, IReadOnlyList<FinishedUnit> there)
    {
        int at = 0;
        foreach (Unit unit in shard.Units)
        {
            if (at == there.Count)
            {
                throw new InputException(FormattableString.Invariant(
                    $"Shard {shard.Shard} is not whole: {shard.Path} ends before {unit}. Its own command scores what is missing."));
            }

            if (there[at].Unit != unit)
            {
                throw new InputException(
                    $"Shard {shard.Shard} belongs to another run, or its images changed: {shard.Path} has {there[at].Unit} where {unit} must be. Delete its folder and compute it again.");
            }

            at++;
        }

        if (at < there.Count)
        {
            throw new InputException(
                $"Shard {shard.Shard} belongs to another run: {shard.Path} has {there[at].Unit}, which is not its own.");
        }
    }

    private static void Copy(string path, long start, long end, FileStream to)
    {
        if (start == end)
        {
            return;
        }

        using FileStream file = RegularFile.OpenRead(path);
        file.Position = start;
        byte[] block = new byte[Block];
        for (long left = end - start; left > 0;)
        {
            int read = file.Read(block, 0, (int)Math.Min(left, Block));
            if (read == 0)
            {
                throw new IOException($"{path} became shorter while it was merged.");
            }

            to.Write(block, 0, read);
            left -= read;
        }
    }
}
