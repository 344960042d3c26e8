namespace SanityChecks.Images.Shapes;

/// <summary>What covers a surface.</summary>
internal enum Pattern
{
    /// <summary>One color.</summary>
    Plain,

    /// <summary>Parallel bands.</summary>
    Stripes,

    /// <summary>A chessboard.</summary>
    Checks,

    /// <summary>Round dots on a square grid.</summary>
    Dots,

    /// <summary>Clouds.</summary>
    Mottle,
}

/// <summary>A pattern with its frequency, position and two colors.</summary>
internal sealed class Texture
{
    private readonly Pattern pattern;
    private readonly Color first;
    private readonly Color second;
    private readonly double frequency;
    private readonly Vector shift;
    private readonly Vector rotation;
    private readonly ValueNoise? noise;

    /// <summary>Draws a texture.</summary>
    /// <param name="random">The choices.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="first">The main color.</param>
    /// <param name="second">The other one.</param>
    /// <param name="low">The fewest periods in a unit of length.</param>
    /// <param name="high">The most.</param>
    public Texture(SceneRandom random, Pattern pattern, Color first, Color second, double low, double high)
    {
        this.pattern = pattern;
        this.first = first;
        this.second = second;
        frequency = random.Between(low, high);
        shift = new Vector(random.Unit(), random.Unit());
        rotation = random.Direction();
        noise = pattern == Pattern.Mottle ? new ValueNoise(random, 8) : null;
    }

    /// <summary>The color at a point.</summary>
    /// <param name="point">In units of length.</param>
    /// <param name="pixel">The length of a pixel's side: edges of the pattern are that soft.</param>
    public Color At(Vector point, double pixel)
    {
        Vector at = (point.Times(rotation) * frequency) + shift;
        double soft = Math.Max(pixel * frequency, 1e-6);
        return pattern switch
        {
            Pattern.Stripes => Color.Mix(first, second, Step(Wave(at.X), soft)),
            Pattern.Checks => Color.Mix(first, second, Checks(Step(Wave(at.X), soft), Step(Wave(at.Y), soft))),
            Pattern.Dots => Color.Mix(first, second, Step(0.32 - new Vector(ToMiddle(at.X), ToMiddle(at.Y)).Length, soft)),
            Pattern.Mottle => Color.Mix(first, second, noise!.At(at * 1.5)),
            _ => first,
        };
    }

    /// <summary>The distance to the nearest edge of a band half a period wide, negative outside it.</summary>
    private static double Wave(double at) => 0.25 - Math.Abs(at - Math.Floor(at) - 0.5);

    private static double ToMiddle(double at) => at - Math.Floor(at) - 0.5;

    private static double Step(double distance, double soft) => Math.Clamp((distance / soft) + 0.5, 0, 1);

    private static double Checks(double x, double y) => (x * (1 - y)) + (y * (1 - x));
}
