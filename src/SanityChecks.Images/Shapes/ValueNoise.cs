using System.Runtime.CompilerServices;

namespace SanityChecks.Images.Shapes;

/// <summary>Smooth random values over the plane: random values on a square grid, blended between.</summary>
internal sealed class ValueNoise
{
    private readonly double[] values;
    private readonly int period;

    /// <summary>Draws the grid.</summary>
    /// <param name="random">The choices.</param>
    /// <param name="period">The grid's side, after which it repeats.</param>
    public ValueNoise(SceneRandom random, int period)
    {
        this.period = period;
        values = [.. Enumerable.Range(0, period * period).Select(_ => random.Unit())];
    }

    /// <summary>The value at a point, in (0, 1); a grid cell is one unit wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double At(Vector point)
    {
        double left = Math.Floor(point.X), top = Math.Floor(point.Y);
        double x = Smooth(point.X - left), y = Smooth(point.Y - top);
        int column = Wrap((int)left), row = Wrap((int)top), right = Wrap(column + 1), below = Wrap(row + 1);
        double upper = values[(row * period) + column] + (x * (values[(row * period) + right] - values[(row * period) + column]));
        double lower = values[(below * period) + column] + (x * (values[(below * period) + right] - values[(below * period) + column]));
        return upper + (y * (lower - upper));
    }

    private static double Smooth(double t) => t * t * (3 - (2 * t));

    // Most points lie within the grid, and a division takes longer than all the rest.
    private int Wrap(int index) => (uint)index < (uint)period ? index : ((index % period) + period) % period;
}
