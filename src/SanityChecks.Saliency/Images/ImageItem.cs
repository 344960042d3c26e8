namespace SanityChecks.Saliency.Images;

/// <summary>One image of an experiment; it is not opened before it is needed.</summary>
/// <param name="Id">Its path relative to the source, with forward slashes: unique within a selection, the same on every machine.</param>
/// <param name="Path">Where the file is.</param>
/// <param name="Label">Its class, 0 to 999; null when nothing tells it.</param>
/// <param name="Wnid">Its synset, which may lie outside the 1000 classes; null when nothing tells it.</param>
public sealed record ImageItem(string Id, string Path, int? Label, string? Wnid);

/// <summary>The images that an experiment runs on.</summary>
/// <param name="Images">At least one, in ordinal order of their ids (a list keeps its own order).</param>
/// <param name="Synsets">WordNet ids that were chosen, in ordinal order; empty for a folder or a list.</param>
/// <param name="Warnings">One line each, for the user and the manifest: fewer images than asked for, images that were left out.</param>
public sealed record ImageSelection(IReadOnlyList<ImageItem> Images, IReadOnlyList<string> Synsets, IReadOnlyList<string> Warnings);
