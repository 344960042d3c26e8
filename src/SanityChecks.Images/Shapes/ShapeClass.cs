namespace SanityChecks.Images.Shapes;

/// <summary>A class of objects: how one is formed and, for balls, which pattern it must carry.</summary>
/// <param name="Name">As users type it.</param>
/// <param name="Form">Draws the proportions of one object and gives its outline.</param>
/// <param name="Pattern">The pattern that tells the class from others of the same outline; null where any will do.</param>
internal sealed record ShapeClass(string Name, Func<SceneRandom, Outline> Form, Pattern? Pattern = null)
{
    /// <summary>Every class, in the order of the network's logits.</summary>
    public static IReadOnlyList<ShapeClass> All { get; } =
    [
        new("star", Star),
        new("gear", Gear),
        new("ring", random => Outlines.Ring(random.Between(0.5, 0.7), 1)),
        new("cross", Cross),
        new("crescent", Crescent),
        new("arrow", Arrow),
        new("heart", Heart),
        new("spiral", Spiral),
        new("flower", Flower),
        new("striped_ball", Ball, Shapes.Pattern.Stripes),
        new("checkered_ball", Ball, Shapes.Pattern.Checks),
        new("dotted_ball", Ball, Shapes.Pattern.Dots),
    ];

    /// <summary>Whether it is shaded as a sphere.</summary>
    public bool IsBall => Pattern is not null;

    private static Outline Ball(SceneRandom random) => Outlines.Disc(default, 1);

    private static Outline Star(SceneRandom random)
    {
        int points = random.Whole(5, 6);
        double waist = random.Between(0.4, 0.52);
        return Outlines.Polygon(
            [.. Enumerable.Range(0, 2 * points).Select(i => Vector.Turn(i / (2.0 * points)) * (i % 2 == 0 ? 1 : waist))]);
    }

    private static Outline Gear(SceneRandom random)
    {
        int teeth = random.Whole(8, 11);
        double root = random.Between(0.72, 0.78), axle = random.Between(0.24, 0.36);
        (double At, double Radius)[] tooth = [(0.00, root), (0.40, root), (0.50, 1), (0.88, 1)];
        Vector[] corners =
            [.. Enumerable.Range(0, teeth).SelectMany(i => tooth.Select(corner => Vector.Turn((i + corner.At) / teeth) * corner.Radius))];
        return Outlines.Difference(Outlines.Polygon(corners), Outlines.Disc(default, axle));
    }

    private static Outline Cross(SceneRandom random)
    {
        double half = random.Between(0.24, 0.34);
        return Outlines.Union(Outlines.Box(0.97, half), Outlines.Box(half, 0.97));
    }

    private static Outline Crescent(SceneRandom random)
    {
        double bite = random.Between(0.36, 0.5);
        return Outlines.Difference(Outlines.Disc(default, 1), Outlines.Disc(new Vector(bite, 0), random.Between(0.76, 0.84)));
    }

    private static Outline Arrow(SceneRandom random)
    {
        double shaft = random.Between(0.16, 0.24), head = random.Between(0.55, 0.7), neck = random.Between(0, 0.2);
        return Outlines.Polygon(
            [new(-0.97, -shaft), new(neck, -shaft), new(neck, -head), new(0.97, 0), new(neck, head), new(neck, shaft), new(-0.97, shaft)]);
    }

    // A square on its corner with a half disc on each of its upper sides.
    private static Outline Heart(SceneRandom random)
    {
        double corner = random.Between(0.74, 0.82), lobe = corner / Math.Sqrt(2);
        Vector down = new(0, 0.1);
        return Outlines.Union(
            Outlines.Polygon(
                [new Vector(0, corner) + down, new Vector(corner, 0) + down, new Vector(0, -corner) + down, new Vector(-corner, 0) + down]),
            Outlines.Disc(new Vector(corner / 2, -corner / 2) + down, lobe),
            Outlines.Disc(new Vector(-corner / 2, -corner / 2) + down, lobe));
    }

    private static Outline Spiral(SceneRandom random)
    {
        double turns = random.Between(2.1, 2.6), half = random.Between(0.085, 0.11);
        int points = (int)(turns * 22);
        return Outlines.Stroke(
            [.. Enumerable.Range(0, points + 1).Select(i => (double)i / points)
                .Select(part => Vector.Turn(part * turns) * (0.06 + ((0.94 - half) * part)))], half);
    }

    private static Outline Flower(SceneRandom random)
    {
        int petals = random.Whole(5, 7);
        double reach = 0.64, width = petals switch { 5 => 0.36, 6 => 0.31, _ => 0.27 };
        return Outlines.Union(
            [Outlines.Disc(default, 0.4),
                .. Enumerable.Range(0, petals).Select(i => Outlines.Disc(Vector.Turn((double)i / petals) * reach, width))]);
    }
}
