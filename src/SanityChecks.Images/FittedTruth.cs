namespace SanityChecks.Images;

/// <summary>Brings boxes and masks to the pixels of an image that <see cref="Preprocessing.Fit(RgbImage)"/> made.</summary>
/// <remarks>
/// A pixel of the fitted image belongs to a box or mask where its center, taken back to the picture, lies in it. A box into which no center
/// falls, because it is smaller than a pixel of the fitted image, keeps the pixel that its own center lies in.
/// </remarks>
internal static class FittedTruth
{
    /// <summary>The objects of which something is in view.</summary>
    /// <param name="truth">In the picture's pixels.</param>
    /// <param name="preprocessing">How the picture is fitted.</param>
    public static ImageTruth Of(ImageTruth truth, Preprocessing preprocessing)
    {
        (Axis across, Axis down) = preprocessing.Way switch
        {
            ImageFit.Crop => (
                Axis.Cropped(truth.Width, preprocessing.Width, truth, preprocessing.Resize),
                Axis.Cropped(truth.Height, preprocessing.Height, truth, preprocessing.Resize)),
            ImageFit.Squash => (Axis.Squashed(truth.Width, preprocessing.Width), Axis.Squashed(truth.Height, preprocessing.Height)),
            _ => (Axis.Squashed(truth.Width, truth.Width), Axis.Squashed(truth.Height, truth.Height)),
        };
        return new ImageTruth(
            across.Count, down.Count, [.. truth.Objects.Select(one => Fit(one, across, down, truth.Width)).OfType<TrueObject>()]);
    }

    private static TrueObject? Fit(TrueObject one, Axis across, Axis down, int width)
    {
        if (one.Mask is null)
        {
            (int left, int columns) = across.Range(one.Box.Left, one.Box.Right);
            (int top, int rows) = down.Range(one.Box.Top, one.Box.Bottom);
            return columns > 0 && rows > 0 ? one with { Box = new PixelBox(left, top, columns, rows) } : null;
        }

        bool[] mask = new bool[across.Count * down.Count];
        for (int y = 0; y < down.Count; y++)
        {
            for (int x = 0; x < across.Count; x++)
            {
                mask[(y * across.Count) + x] = one.Mask[(down.Pixel(y) * width) + across.Pixel(x)];
            }
        }

        return PixelBox.Around(mask, across.Count) is { } box ? one with { Box = box, Mask = mask } : null;
    }

    /// <summary>An axis of the picture and of the fitted image.</summary>
    /// <param name="Length">Pixels of the picture.</param>
    /// <param name="Resized">Pixels that they become before anything is cut off.</param>
    /// <param name="Start">The first of these that is kept.</param>
    /// <param name="Count">How many are kept.</param>
    private readonly record struct Axis(int Length, long Resized, long Start, int Count)
    {
        public static Axis Squashed(int length, int fitted) => new(length, fitted, 0, fitted);

        public static Axis Cropped(int length, int crop, ImageTruth truth, int shorter)
        {
            long resized = BilinearResize.ResizedLength(length, Math.Min(truth.Width, truth.Height), shorter);
            return new Axis(length, resized, BilinearResize.CropStart(resized, crop), crop);
        }

        /// <summary>The picture's pixel under the center of one of the fitted image.</summary>
        public int Pixel(int fitted) => Math.Min((int)Math.Floor((Start + fitted + 0.5) * Length / Resized), Length - 1);

        /// <summary>The pixels of the fitted image whose centers lie between two borders of the picture's pixels.</summary>
        public (int First, int Count) Range(int from, int to)
        {
            int first = Math.Clamp(FirstAt(from), 0, Count), end = Math.Clamp(FirstAt(to), 0, Count);
            if (FirstAt(from) < FirstAt(to))
            {
                return (first, end - first);
            }

            int middle = (int)Math.Floor(((from + to) / 2.0 * Resized / Length) - Start);
            return (middle, middle >= 0 && middle < Count ? 1 : 0);
        }

        // The first pixel whose center lies at a border of the picture's pixels, or behind it.
        private int FirstAt(int border) => (int)Math.Ceiling(((double)border * Resized / Length) - Start - 0.5);
    }
}
