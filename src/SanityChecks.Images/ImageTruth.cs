namespace SanityChecks.Images;

/// <summary>What is known to be where in a picture: the ground truth for a map that claims to find it.</summary>
/// <param name="Width">Pixels a row of the picture.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Objects">The objects that are marked; none where the picture was looked at and shows none, or a crop left none.</param>
public sealed record ImageTruth(int Width, int Height, IReadOnlyList<TrueObject> Objects);

/// <summary>An object in a picture.</summary>
/// <param name="Class">What it is: a WordNet id, or the name of a class.</param>
/// <param name="Box">The smallest box around it.</param>
/// <param name="Mask">For each pixel, rows from the top, whether it belongs to the object; null where only the box is known.</param>
public sealed record TrueObject(string Class, PixelBox Box, IReadOnlyList<bool>? Mask);
