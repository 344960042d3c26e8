namespace SanityChecks.Images.Shapes;

/// <summary>An outline placed in a scene, with its texture and its light.</summary>
/// <param name="Outline">In its own frame, within the unit circle.</param>
/// <param name="Place">Its center.</param>
/// <param name="Radius">The length of a unit of its own frame.</param>
/// <param name="Rotation">A unit vector: from its own frame to the scene.</param>
/// <param name="Texture">Its surface, in its own frame.</param>
/// <param name="Light">The direction that light comes from, a unit vector in the scene.</param>
/// <param name="Relief">How it takes the light.</param>
internal sealed record Figure(Outline Outline, Vector Place, double Radius, Vector Rotation, Texture Texture, Vector Light, Relief Relief)
{
    private readonly Vector lightInward = Light.Times(Rotation.Conjugate);

    /// <summary>A place of the scene in the figure's own frame.</summary>
    public Vector Inward(Vector place) => ((place - Place) / Radius).Times(Rotation.Conjugate);

    /// <summary>The color of a point of its surface.</summary>
    /// <param name="point">In its own frame.</param>
    /// <param name="distance">The outline's there.</param>
    /// <param name="pixel">The length of a pixel's side in its own frame.</param>
    public Color ColorAt(Vector point, double distance, double pixel)
    {
        Color color = Texture.At(Relief == Relief.Sphere ? Unrolled(point) : point, pixel);
        double along = point.Dot(lightInward);
        return Relief switch
        {
            Relief.Sphere => OnSphere(color, point, along),
            Relief.Bevel => color * ((1 + (0.14 * along)) * (1 + (Edge(distance) * Slope(point, distance)))),
            _ => color * (1 + (0.1 * along)),
        };
    }

    /// <summary>Diffuse light from the side and above, and a highlight, on a ball that fills the unit circle.</summary>
    private static Color OnSphere(Color color, Vector point, double along)
    {
        double height = Math.Sqrt(Math.Max(0, 1 - point.Dot(point)));
        double facing = (0.6 * along) + (0.8 * height), bright = 0.5 + (0.62 * Math.Max(0, facing));
        double shine = Math.Max(0, (facing - 0.9) / 0.1);
        return Color.Mix(color * bright, new Color(1, 1, 1), 0.45 * shine * shine);
    }

    /// <summary>A pattern on a ball grows narrower towards its rim.</summary>
    private static Vector Unrolled(Vector point) => point * (1 + (0.35 * point.Dot(point)));

    /// <summary>1 at the outline, 0 where the bevel ends.</summary>
    private static double Edge(double distance) => Math.Clamp(1 + (distance / 0.12), 0, 1);

    /// <summary>How much the bevel faces the light: the slope of the distance towards it.</summary>
    private double Slope(Vector point, double distance)
    {
        const double Step = 0.02;
        return Edge(distance) > 0 ? 0.45 * Math.Clamp((Outline(point + (lightInward * Step)) - distance) / Step, -1, 1) : 0;
    }
}

/// <summary>How a figure takes the light.</summary>
internal enum Relief
{
    /// <summary>Nearly flat.</summary>
    Flat,

    /// <summary>Flat with slanted edges.</summary>
    Bevel,

    /// <summary>A ball.</summary>
    Sphere,
}
