namespace SanityChecks.Images.Shapes;

/// <summary>A point or direction of the plane, x to the right and y down; as a complex number x + iy a unit one is also a
/// rotation.</summary>
internal readonly record struct Vector(double X, double Y)
{
    public double Length => Math.Sqrt((X * X) + (Y * Y));

    public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y + b.Y);

    public static Vector operator -(Vector a, Vector b) => new(a.X - b.X, a.Y - b.Y);

    public static Vector operator *(Vector a, double factor) => new(a.X * factor, a.Y * factor);

    public static Vector operator /(Vector a, double divisor) => new(a.X / divisor, a.Y / divisor);

    /// <summary>The complex product: rotates by a unit vector.</summary>
    public Vector Times(Vector rotation) => new((X * rotation.X) - (Y * rotation.Y), (X * rotation.Y) + (Y * rotation.X));

    /// <summary>The rotation undone.</summary>
    public Vector Conjugate => new(X, -Y);

    public double Dot(Vector other) => (X * other.X) + (Y * other.Y);

    /// <summary>The direction at a part of a full turn from (1, 0) towards (0, 1): the cosine and sine of the angle, to rounding.</summary>
    /// <remarks>By halving the arc: the direction in the middle of two others is their sum, made one long. Needs square roots
    /// only.</remarks>
    public static Vector Turn(double part)
    {
        part -= Math.Floor(part);
        Vector low = new(1, 0), high = new(0, 1);
        int quadrant = (int)(part * 4);
        double rest = (part * 4) - quadrant, from = 0, to = 1;
        for (int i = 0; i < 26; i++)
        {
            Vector sum = low + high;
            Vector middle = sum / sum.Length;
            double half = (from + to) / 2;
            (low, from, high, to) = rest < half ? (low, from, middle, half) : (middle, half, high, to);
        }

        // The rest of the arc is straight to within 1e-16.
        double share = (rest - from) / (to - from);
        Vector direction = (low * (1 - share)) + (high * share);
        return quadrant switch
        {
            0 => direction,
            1 => new(-direction.Y, direction.X),
            2 => direction * -1,
            _ => new(direction.Y, -direction.X),
        };
    }
}
