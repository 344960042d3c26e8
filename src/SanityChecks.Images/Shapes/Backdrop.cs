using System.Runtime.CompilerServices;

namespace SanityChecks.Images.Shapes;

/// <summary>What lies behind the objects: a clouded, perhaps patterned ground, and fragments that resemble no class as a whole.</summary>
/// <remarks>The fragments carry the same patterns and colors as objects, so that neither alone tells that an object is there.</remarks>
internal static class Backdrop
{
    private static readonly IReadOnlyList<Pattern> GroundPatterns =
        [Pattern.Plain, Pattern.Plain, Pattern.Stripes, Pattern.Checks, Pattern.Dots];
    private static readonly IReadOnlyList<Pattern> FragmentPatterns =
        [Pattern.Plain, Pattern.Stripes, Pattern.Checks, Pattern.Dots, Pattern.Mottle];
    private static readonly IReadOnlyList<Func<SceneRandom, Outline>> Fragments = [Triangle, Bar, Arc, HalfDisc, Corner];

    /// <summary>Paints it.</summary>
    /// <returns>The ground's two colors, from which objects keep apart.</returns>
    public static Color[] Paint(SceneCanvas canvas, SceneRandom random, Vector light)
    {
        Color first = Color.Draw(random, (0.1, 0.6), (0.25, 0.95));
        Color second = Color.Draw(random, (0.1, 0.6), (0.25, 0.95));
        var pattern = new Texture(random, random.One(GroundPatterns), new Color(1, 1, 1), Color.Draw(random, (0, 0.3), (0.72, 0.9)), 4, 11);
        ValueNoise[] octaves = [new(random, 5), new(random, 11), new(random, 23), new(random, 47)];
        Vector slope = random.Direction() * random.Between(0.1, 0.5);
        canvas.Fill([MethodImpl(MethodImplOptions.AggressiveOptimization)] (place) =>
        {
            double clouds = (0.5 * octaves[0].At(place * 4)) + (0.25 * octaves[1].At(place * 10)) + (0.15 * octaves[2].At(place * 22))
                + (0.1 * octaves[3].At(place * 46));
            double share = Math.Clamp(0.5 + (1.8 * (clouds - 0.5)) + slope.Dot(place - new Vector(0.5, 0.5)), 0, 1);
            Color ground = Color.Mix(first, second, share), over = pattern.At(place, canvas.Pixel);
            return new Color(ground.Red * over.Red, ground.Green * over.Green, ground.Blue * over.Blue);
        });
        for (int i = random.Whole(7, 15); i > 0; i--)
        {
            canvas.Paint(Fragment(random, light));
        }

        return [first, second];
    }

    private static Figure Fragment(SceneRandom random, Vector light)
    {
        Outline outline = random.One(Fragments)(random);
        Color first = Color.Draw(random, (0.2, 0.9), (0.3, 1)), second = Color.DrawApart(random, [first], 0.35);
        return new Figure(
            outline,
            new Vector(random.Between(-0.02, 1.02), random.Between(-0.02, 1.02)),
            random.Between(0.04, 0.12),
            random.Direction(),
            new Texture(random, random.One(FragmentPatterns), first, second, 1.2, 2.4),
            light,
            random.Chance(0.5) ? Relief.Bevel : Relief.Flat);
    }

    private static Outline Triangle(SceneRandom random) =>
        Outlines.Polygon([new Vector(1, 0), Vector.Turn(random.Between(0.25, 0.4)), Vector.Turn(random.Between(0.6, 0.75))]);

    private static Outline Bar(SceneRandom random) => Outlines.Box(0.98, random.Between(0.15, 0.3));

    /// <summary>Half a ring at most.</summary>
    private static Outline Arc(SceneRandom random) => Outlines.Intersection(
        Outlines.Ring(random.Between(0.5, 0.7), 1),
        Outlines.Intersection(Outlines.HalfPlane(new Vector(1, 0)), Outlines.HalfPlane(Vector.Turn(random.Between(0.02, 0.3)))));

    private static Outline HalfDisc(SceneRandom random) =>
        Outlines.Intersection(Outlines.Disc(default, 1), Outlines.HalfPlane(random.Direction()));

    private static Outline Corner(SceneRandom random)
    {
        double width = random.Between(0.25, 0.45);
        return Outlines.Polygon(
            [new(-0.7, -0.7), new(0.7, -0.7), new(0.7, -0.7 + width), new(-0.7 + width, -0.7 + width), new(-0.7 + width, 0.7),
                new(-0.7, 0.7)]);
    }
}
