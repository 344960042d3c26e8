namespace SanityChecks.Networks;

/// <summary>The images that a network takes.</summary>
/// <param name="Channels">3: red, green, blue; or 1: gray.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public sealed record ImageSize(int Channels, int Height, int Width);
