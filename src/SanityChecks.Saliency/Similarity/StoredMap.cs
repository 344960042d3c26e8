using System.Numerics;
using SanityChecks.Compute;
using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Similarity;

/// <summary>A map in a .npy file that any tool may have written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Stored">The shape in the file: [H, W], [C, H, W] or [H, W, C].</param>
/// <param name="Layout">How it is read.</param>
/// <param name="Features">The map as [H, W], channels summed, in the file's own precision: single for float32, double for all
/// others.</param>
public sealed record StoredMap(string Path, Shape Stored, MapLayout Layout, MapFeatures Features)
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">A .npy file of numbers.</param>
    /// <param name="layout">Where the channels of an array of three axes are; null lets the shape decide
    /// (<see cref="MapLayouts.Of"/>).</param>
    /// <exception cref="InputException">It cannot be read, is empty, is no map, or its shape does not tell which axis holds the
    /// channels.</exception>
    public static StoredMap Read(string path, MapLayout? layout)
    {
        (Shape shape, double[] values, bool single) = NpyFile.ReadDoubles(path);
        if (shape.Rank is not (2 or 3) || shape.Count == 0)
        {
            throw new InputException($"{path} has the shape {shape}; a map is [H, W], [C, H, W] or [H, W, C].");
        }

        MapLayout used = (shape.Rank == 2 ? MapLayout.NoChannels : layout ?? MapLayouts.Of(shape))
            ?? throw new InputException($"{path} has the shape {shape}, which does not tell whether the first or the last axis holds the channels: give --layout chw or --layout hwc.");

        // What a run would score: a float32 map's channels are added in single precision there.
        return new StoredMap(path, shape, used, single
            ? new MapFeatures(new SaliencyMap(Plane(shape, used), Sum(Array.ConvertAll(values, value => (float)value), shape, used)))
            : new MapFeatures(Plane(shape, used), Sum(values, shape, used)));
    }

    private static Shape Plane(Shape shape, MapLayout layout) =>
        layout == MapLayout.ChannelsFirst ? new Shape(shape[1], shape[2]) : new Shape(shape[0], shape[1]);

    /// <summary>The signed sum over channels, added in their order; the values themselves where there are none.</summary>
    private static T[] Sum<T>(T[] values, Shape shape, MapLayout layout)
        where T : struct, IAdditionOperators<T, T, T>
    {
        if (layout == MapLayout.NoChannels)
        {
            return values;
        }

        bool first = layout == MapLayout.ChannelsFirst;
        int channels = first ? shape[0] : shape[2], pixels = values.Length / channels;
        var sum = new T[pixels];
        for (int channel = 0; channel < channels; channel++)
        {
            for (int i = 0; i < pixels; i++)
            {
                sum[i] += values[first ? (channel * pixels) + i : (i * channels) + channel];
            }
        }

        return sum;
    }
}
