namespace SanityChecks.Images.Shapes;

/// <summary>A drawn picture, and what is where in it.</summary>
/// <param name="Image">The picture, square.</param>
/// <param name="Objects">The objects with a class, one or two; the clutter around them has none.</param>
public sealed record ShapeScene(RgbImage Image, IReadOnlyList<ShapeObject> Objects);

/// <summary>An object of a scene: the ground truth for a map that claims to find it.</summary>
/// <param name="Class">Index into <see cref="ShapeScenes.Classes"/>.</param>
/// <param name="Box">The smallest box around the mask.</param>
/// <param name="Mask">For each pixel, rows from the top, whether its center lies in the object.</param>
public sealed record ShapeObject(int Class, PixelBox Box, IReadOnlyList<bool> Mask);
