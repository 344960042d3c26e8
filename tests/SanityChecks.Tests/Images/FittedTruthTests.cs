using SanityChecks.Images;

namespace SanityChecks.Tests.Images;

/// <summary>Boxes and masks in the pixels of fitted images, beside the pixels themselves.</summary>
public sealed class FittedTruthTests
{
    private static readonly Preprocessing Crop = Preprocessing.ImageNet, Squash = Preprocessing.Squash;

    private static ImageTruth Boxed(int width, int height, params PixelBox[] boxes) =>
        new(width, height, [.. boxes.Select(box => new TrueObject("it", box, null))]);

    /// <summary>500 x 375 becomes 341 x 256, of which 58 columns on the left and 16 rows above are cut off.</summary>
    [Theory]
    [InlineData(100, 100, 300, 200, 10, 52, 205, 137)]
    [InlineData(0, 0, 500, 375, 0, 0, 224, 224)]
    [InlineData(0, 0, 90, 30, 0, 0, 3, 4)]
    [InlineData(250, 180, 1, 1, 112, 107, 1, 1)]
    public void A_box_is_where_the_crop_shows_it(
        int left, int top, int width, int height, int fittedLeft, int fittedTop, int fittedWidth, int fittedHeight)
    {
        ImageTruth fitted = Crop.Fit(Boxed(500, 375, new PixelBox(left, top, width, height)))!;
        Assert.Equal((224, 224), (fitted.Width, fitted.Height));
        Assert.Equal(new PixelBox(fittedLeft, fittedTop, fittedWidth, fittedHeight), Assert.Single(fitted.Objects).Box);
    }

    [Fact]
    public void What_is_cut_off_is_gone()
    {
        Assert.Empty(Crop.Fit(Boxed(500, 375, new PixelBox(0, 0, 80, 375), new PixelBox(470, 10, 30, 30)))!.Objects);
        Assert.Null(Crop.Fit((ImageTruth?)null));
        Assert.Equal(
            new PixelBox(0, 75, 224, 74), Assert.Single(Squash.Fit(Boxed(500, 300, new PixelBox(0, 100, 500, 100)))!.Objects).Box);
        Assert.Equal(
            new PixelBox(3, 4, 5, 6),
            Assert.Single(Preprocessing.AsIs.Fit(Boxed(50, 30, new PixelBox(3, 4, 5, 6)))!.Objects).Box);
    }

    /// <summary>A white rectangle on black: its pixels after the resize of the picture tell where it is.</summary>
    [Theory]
    [InlineData("imagenet", 500, 375)]
    [InlineData("imagenet", 333, 500)]
    [InlineData("imagenet", 120, 90)]
    [InlineData("squash", 500, 375)]
    [InlineData("squash", 61, 200)]
    public void Box_and_mask_are_where_the_pixels_are(string preset, int width, int height)
    {
        var box = new PixelBox(width / 3, height / 4, width / 4, height / 2);
        bool[] mask = [.. Enumerable.Range(0, width * height).Select(
            i => i % width >= box.Left && i % width < box.Right && i / width >= box.Top && i / width < box.Bottom)];
        Preprocessing preprocessing = Preprocessing.Find(preset);
        bool[] seen = MaskPicture.Read(preprocessing.Fit(MaskPicture.Of(mask, width)));
        ImageTruth boxed = preprocessing.Fit(Boxed(width, height, box))!;
        ImageTruth masked = preprocessing.Fit(new ImageTruth(width, height, [new TrueObject("it", box, mask)]))!;
        Assert.Equal(PixelBox.Around(seen, 224), Assert.Single(boxed.Objects).Box);
        Assert.Equal(boxed.Objects[0].Box, Assert.Single(masked.Objects).Box);

        // At a corner two halves are a quarter: there the resized picture is darker than the part whose centers are inside.
        Assert.InRange(seen.Zip(masked.Objects[0].Mask!).Count(pair => pair.First != pair.Second), 0, 4);
    }
}
