using SanityChecks.Images;

namespace SanityChecks.Saliency.Localization;

/// <summary>The objects that a map of a class should find.</summary>
public sealed class TruthRegion
{
    private TruthRegion(int width, int height, IReadOnlyList<TrueObject> objects)
    {
        (Width, Height) = (width, height);
        Boxes = [.. objects.Select(one => one.Box)];
        HasMasks = objects.All(one => one.Mask is not null);
        Boxed = Filled();
        Mask = HasMasks ? Joined(objects) : Boxed;
    }

    /// <summary>Pixels a row of the map.</summary>
    public int Width { get; }

    /// <summary>Rows of the map.</summary>
    public int Height { get; }

    /// <summary>Their boxes, at least one.</summary>
    public IReadOnlyList<PixelBox> Boxes { get; }

    /// <summary>Whether the pixels of all of them are known, not their boxes alone.</summary>
    public bool HasMasks { get; }

    /// <summary>Their pixels; those of their boxes where only these are known.</summary>
    public IReadOnlyList<bool> Mask { get; }

    /// <summary>The pixels of their boxes.</summary>
    public IReadOnlyList<bool> Boxed { get; }

    /// <summary>The objects of a class; all that are marked where none is of that class, as in a picture that the network takes for
    /// something else.</summary>
    /// <param name="truth">In the map's pixels.</param>
    /// <param name="isTarget">Whether a name is that of the class whose map it is.</param>
    /// <returns>Null where nothing is marked.</returns>
    public static TruthRegion? Of(ImageTruth truth, Func<string, bool> isTarget)
    {
        ArgumentNullException.ThrowIfNull(truth);
        TrueObject[] meant = [.. truth.Objects.Where(one => isTarget(one.Class))];
        return truth.Objects.Count == 0
            ? null
            : new TruthRegion(truth.Width, truth.Height, meant.Length > 0 ? meant : truth.Objects);
    }

    private bool[] Filled()
    {
        bool[] filled = new bool[Width * Height];
        foreach (PixelBox box in Boxes)
        {
            for (int y = box.Top; y < box.Bottom; y++)
            {
                filled.AsSpan((y * Width) + box.Left, box.Width).Fill(true);
            }
        }

        return filled;
    }

    private bool[] Joined(IReadOnlyList<TrueObject> objects)
    {
        bool[] joined = new bool[Width * Height];
        foreach (TrueObject one in objects)
        {
            for (int i = 0; i < joined.Length; i++)
            {
                joined[i] |= one.Mask![i];
            }
        }

        return joined;
    }
}
