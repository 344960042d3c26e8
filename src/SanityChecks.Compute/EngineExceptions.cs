namespace SanityChecks.Compute;

/// <summary>An engine cannot be had; the message is one line that says why and what to do.</summary>
/// <param name="message">One line.</param>
/// <param name="inner">What was noticed first, if anything.</param>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>An engine's memory is full; what it was computing is lost, everything else stays as it was.</summary>
/// <param name="message">One line with the device and how much was asked for, as far as it is known.</param>
/// <param name="inner">What was noticed first, if anything.</param>
public sealed class EngineMemoryException(string message, Exception? inner = null) : Exception(message, inner);
