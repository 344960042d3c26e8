using System.Security.Cryptography;
using SanityChecks.Images;
using SanityChecks.Images.Shapes;

namespace SanityChecks.Tests.Images.Shapes;

public class ShapeScenesTests
{
    public static TheoryData<int> Classes => [.. Enumerable.Range(0, ShapeScenes.Classes.Count)];

    [Theory]
    [InlineData(0, 32, "54ca24aa846ea23084d38f71ca81c60e5fd32df33934aaf06df5a9b4ab680a0d")]
    [InlineData(7, 48, "398d7ff17673da4fe282f5e4fa11eda8b9c99f9d7adfdd7fef6bb731bf7b225a")]
    [InlineData(10, 33, "829caaca703d7733f41f56bb4256e7830a829ef79b7b7953829fd5c36eaa93b0")]
    public void A_scene_has_these_very_bytes_on_every_platform(long index, int size, string sha256) =>
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(ShapeScenes.Draw(1, "test", index, size).Image.Pixels)));

    [Fact]
    public void Scenes_differ_by_seed_by_split_and_by_index()
    {
        byte[][] scenes = [Pixels(1, "a", 0), Pixels(2, "a", 0), Pixels(1, "b", 0), Pixels(1, "a", 12)];
        Assert.Equal(scenes.Length, scenes.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(Pixels(1, "a", 0), scenes[0]);

        static byte[] Pixels(ulong seed, string split, long index) => ShapeScenes.Draw(seed, split, index, 32).Image.Pixels;
    }

    [Fact]
    public void A_run_of_twelve_scenes_has_every_class_once() =>
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => (i + 5) % 12),
            Enumerable.Range(5, 12).Select(i => Assert.Single(ShapeScenes.Draw(1, "test", i, 32).Objects).Class));

    [Theory]
    [MemberData(nameof(Classes))]
    public void The_box_is_the_smallest_around_the_mask(int number)
    {
        const int Size = 40;
        ShapeObject drawn = ShapeScenes.Draw(3, "test", number, Size).Objects[0];
        Assert.Equal(number, drawn.Class);
        int[] inside = [.. Enumerable.Range(0, Size * Size).Where(i => drawn.Mask[i])];
        Assert.NotEmpty(inside);
        Assert.Equal(
            new PixelBox(
                inside.Min(i => i % Size), inside.Min(i => i / Size), inside.Max(i => i % Size) - inside.Min(i => i % Size) + 1,
                inside.Max(i => i / Size) - inside.Min(i => i / Size) + 1),
            drawn.Box);
    }

    [Fact]
    public void The_object_covers_what_its_mask_says_and_leaves_the_rest()
    {
        // Drawn twice as large, the mask has four times the pixels: it belongs to the scene, not to the sampling.
        foreach (int number in Enumerable.Range(0, 12))
        {
            int small = ShapeScenes.Draw(4, "test", number, 64).Objects[0].Mask.Count(inside => inside);
            int large = ShapeScenes.Draw(4, "test", number, 128).Objects[0].Mask.Count(inside => inside);
            Assert.InRange((double)large / small, 3.7, 4.3);
        }
    }

    [Fact]
    public void A_disc_fills_its_box_as_a_circle_does()
    {
        ShapeObject ball = ShapeScenes.Draw(1, "test", 9, 224).Objects[0];
        Assert.InRange(
            ball.Mask.Count(inside => inside) / ((double)ball.Box.Width * ball.Box.Height), (Math.PI / 4) - 0.02, (Math.PI / 4) + 0.02);
        Assert.InRange(ball.Box.Width - ball.Box.Height, -1, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(100)]
    public void A_pair_shows_two_classes_apart_from_each_other(long index)
    {
        ShapeScene scene = ShapeScenes.DrawPair(1, "test", index, 64);
        Assert.Equal(2, scene.Objects.Count);
        Assert.NotEqual(scene.Objects[0].Class, scene.Objects[1].Class);
        Assert.DoesNotContain(true, scene.Objects[0].Mask.Zip(scene.Objects[1].Mask, (one, other) => one && other));
    }

    [Fact]
    public void Every_pair_of_classes_comes_up()
    {
        var pairs = Enumerable.Range(0, 132).Select(i => ShapeScenes.DrawPair(1, "test", i, 32).Objects)
            .Select(objects => (objects[0].Class, objects[1].Class)).ToHashSet();
        Assert.Equal(132, pairs.Count);
    }

    [Fact]
    public void A_negative_index_and_a_tiny_size_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ShapeScenes.Draw(1, "test", -1, 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShapeScenes.Draw(1, "test", 0, ShapeScenes.SmallestSize - 1));
    }
}
