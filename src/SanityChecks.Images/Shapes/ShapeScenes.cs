using System.Globalization;
using SanityChecks.Compute;

namespace SanityChecks.Images.Shapes;

/// <summary>
/// Shapes: an endless set of drawn pictures whose truth is known. An object of one of twelve classes, of any place, size, rotation, color,
/// pattern and light, lies on a cluttered ground; a network must look at the object, at its outline and (for the three balls) at its
/// pattern, to tell the class.
/// </summary>
/// <remarks>The same arguments give the same bytes on every platform (<see cref="SceneRandom"/>), and, but for the grain, the same scene at
/// any size.</remarks>
public static class ShapeScenes
{
    /// <summary>The smallest picture, in pixels a side.</summary>
    public const int SmallestSize = 32;

    /// <summary>The split of the scenes that experiments run on; no network is trained on it.</summary>
    public const string StudySplit = "study";

    private static readonly IReadOnlyList<Pattern> ObjectPatterns =
        [Pattern.Plain, Pattern.Plain, Pattern.Stripes, Pattern.Checks, Pattern.Dots, Pattern.Mottle];

    /// <summary>The classes, in the order of the logits.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. ShapeClass.All.Select(one => one.Name)];

    /// <summary>A scene with one object.</summary>
    /// <param name="seed">The set's seed.</param>
    /// <param name="split">Separates training from test: scenes of different splits have nothing in common.</param>
    /// <param name="index">Which scene, from 0; its class is the index modulo twelve, so that any run of twelve has them all.</param>
    /// <param name="size">Pixels a side, at least <see cref="SmallestSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or the size too small.</exception>
    public static ShapeScene Draw(ulong seed, string split, long index, int size) =>
        Draw(seed, split, index, size, [(int)(index % ShapeClass.All.Count)], (0.17, 0.36));

    /// <summary>A scene with two objects of different classes that do not touch: a map of one class must leave the other alone.</summary>
    /// <inheritdoc cref="Draw(ulong, string, long, int)"/>
    public static ShapeScene DrawPair(ulong seed, string split, long index, int size)
    {
        int classes = ShapeClass.All.Count;
        int first = (int)(index % classes), apart = 1 + (int)(index / classes % (classes - 1));
        return Draw(seed, split + "/pair", index, size, [first, (first + apart) % classes], (0.15, 0.23));
    }

    private static ShapeScene Draw(ulong seed, string split, long index, int size, int[] classes, (double Low, double High) radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, SmallestSize);
        string name = string.Create(CultureInfo.InvariantCulture, $"{split}/{index}");
        var random = new SceneRandom(seed, name);
        using var canvas = new SceneCanvas(size);
        Vector light = random.Direction();
        Color[] ground = Backdrop.Paint(canvas, random, light);
        (Vector Place, double Radius)[] places = Places(random, classes.Length, radius);
        ShapeObject[] objects = [.. classes.Zip(places, (one, at) => Paint(canvas, random, one, at.Place, at.Radius, light, ground))];
        var grain = new RandomStream(seed, 1, name);
        double strength = random.Between(0, 0.12);
        return new ShapeScene(canvas.ToImage(pixel => strength * (grain.Uniform(pixel) - 0.5)), objects);
    }

    private static ShapeObject Paint(
        SceneCanvas canvas, SceneRandom random, int number, Vector place, double radius, Vector light, Color[] ground)
    {
        ShapeClass drawn = ShapeClass.All[number];
        Outline outline = drawn.Form(random);
        Color first = Color.DrawApart(random, ground, 0.45), second = Color.DrawApart(random, [first], 0.5);
        Pattern pattern = drawn.Pattern ?? random.One(ObjectPatterns);
        var figure = new Figure(
            outline, place, radius, random.Direction(), new Texture(random, pattern, first, second, 1.3, 2.6), light, drawn.IsBall
                ? Relief.Sphere
                : Relief.Bevel);
        canvas.Shade(figure, light * -random.Between(0.01, 0.04), random.Between(0.2, 0.5));
        bool[] mask = canvas.Paint(figure);
        return new ShapeObject(number, PixelBox.Around(mask, canvas.Size)!.Value, mask);
    }

    /// <summary>Places and radii within the picture, apart from each other; drawn again until they are.</summary>
    private static (Vector Place, double Radius)[] Places(SceneRandom random, int count, (double Low, double High) radius)
    {
        while (true)
        {
            (Vector Place, double Radius)[] drawn = [.. Enumerable.Range(0, count).Select(_ => Place())];
            if (count == 1 || (drawn[0].Place - drawn[1].Place).Length > drawn[0].Radius + drawn[1].Radius + 0.03)
            {
                return drawn;
            }
        }

        (Vector, double) Place()
        {
            double r = random.Between(radius.Low, radius.High);
            return (new Vector(random.Between(r + 0.02, 0.98 - r), random.Between(r + 0.02, 0.98 - r)), r);
        }
    }
}
