using System.Runtime.CompilerServices;

namespace SanityChecks.Images.Shapes;

/// <summary>The signed distance from a point to a closed outline, negative inside; exact outside near the edge, a bound further
/// away.</summary>
/// <param name="point">In the object's own frame, where it fills the unit circle.</param>
internal delegate double Outline(Vector point);

/// <summary>Outlines to build others from.</summary>
/// <remarks>Those that walk over many segments are compiled for speed at once: a first picture is drawn before the JIT compiler has noticed
/// that they are worth it.</remarks>
internal static class Outlines
{
    /// <summary>A full disc.</summary>
    public static Outline Disc(Vector center, double radius) => point => (point - center).Length - radius;

    /// <summary>The band around a circle at the origin.</summary>
    public static Outline Ring(double inner, double outer) => point =>
        Math.Abs(point.Length - ((inner + outer) / 2)) - ((outer - inner) / 2);

    /// <summary>A rectangle at the origin, given by half its sides.</summary>
    public static Outline Box(double halfWidth, double halfHeight) => point =>
    {
        double x = Math.Abs(point.X) - halfWidth, y = Math.Abs(point.Y) - halfHeight;
        return new Vector(Math.Max(x, 0), Math.Max(y, 0)).Length + Math.Min(Math.Max(x, y), 0);
    };

    /// <summary>Everything on one side of a line through the origin.</summary>
    /// <param name="outward">The unit vector that points out of it.</param>
    public static Outline HalfPlane(Vector outward) => point => point.Dot(outward);

    /// <summary>What lies in any of them.</summary>
    public static Outline Union(params Outline[] parts) => point => parts.Min(part => part(point));

    /// <summary>What lies in both.</summary>
    public static Outline Intersection(Outline one, Outline other) => point => Math.Max(one(point), other(point));

    /// <summary>What lies in the first and not in the second.</summary>
    public static Outline Difference(Outline one, Outline without) => point => Math.Max(one(point), -without(point));

    /// <summary>The inside of a polygon.</summary>
    /// <param name="corners">At least three, in order.</param>
    public static Outline Polygon(IReadOnlyList<Vector> corners)
    {
        Segment[] edges = [.. corners.Select((corner, i) => new Segment(corner, corners[(i + 1) % corners.Count]))];
        return [MethodImpl(MethodImplOptions.AggressiveOptimization)] (point) =>
        {
            double nearest = double.MaxValue;
            bool inside = false;
            foreach (ref readonly Segment edge in edges.AsSpan())
            {
                nearest = Math.Min(nearest, edge.SquaredDistance(point));
                inside ^= edge.CrossesRayFrom(point);
            }

            return inside ? -Math.Sqrt(nearest) : Math.Sqrt(nearest);
        };
    }

    /// <summary>A line of some thickness with round ends.</summary>
    /// <param name="points">At least two, in order.</param>
    /// <param name="halfWidth">Half its thickness.</param>
    public static Outline Stroke(IReadOnlyList<Vector> points, double halfWidth)
    {
        Segment[] parts = [.. points.Zip(points.Skip(1), (from, to) => new Segment(from, to))];
        return [MethodImpl(MethodImplOptions.AggressiveOptimization)] (point) =>
        {
            double nearest = double.MaxValue;
            foreach (ref readonly Segment part in parts.AsSpan())
            {
                nearest = Math.Min(nearest, part.SquaredDistance(point));
            }

            return Math.Sqrt(nearest) - halfWidth;
        };
    }

    private readonly struct Segment(Vector from, Vector to)
    {
        private readonly Vector along = to - from;
        private readonly double perSquaredLength = 1 / (to - from).Dot(to - from);

        public double SquaredDistance(Vector point)
        {
            Vector offset = point - from;
            Vector rest = offset - (along * Math.Clamp(offset.Dot(along) * perSquaredLength, 0, 1));
            return rest.Dot(rest);
        }

        /// <summary>Whether the ray from the point to the right crosses it; an end belongs to the segment above it.</summary>
        public bool CrossesRayFrom(Vector point) =>
            from.Y > point.Y != to.Y > point.Y && point.X < from.X + (along.X * (point.Y - from.Y) / along.Y);
    }
}
