namespace SanityChecks.Compute.Cpu;

/// <summary>What an engine computes with. No result depends on it.</summary>
/// <param name="Set">The vectors to use.</param>
/// <param name="Threads">How many pieces of work run at once.</param>
/// <param name="Memory">Working memory of the threads.</param>
/// <param name="ForEach">Runs independent pieces of work, 0 to count - 1.</param>
internal sealed record Cores(InstructionSet Set, int Threads, ThreadMemory Memory, Action<int, Action<int>> ForEach);
