using SanityChecks.Compute;

namespace SanityChecks.Images.Shapes;

/// <summary>The random choices of one scene, one after another.</summary>
/// <param name="seed">The data set's seed.</param>
/// <param name="name">The scene's own name; each name has its own choices.</param>
/// <remarks>
/// Scenes use sums, products, quotients and square roots only, which IEEE 754 rounds alike everywhere: sines and logarithms differ in the
/// last bit from one platform's library to another's, and the same seed would not give the same bytes.
/// </remarks>
internal sealed class SceneRandom(ulong seed, string name)
{
    private readonly RandomStream stream = new(seed, 0, name);
    private long next;

    /// <summary>Uniform in (0, 1).</summary>
    public double Unit() => stream.Uniform(next++);

    /// <summary>Uniform between two values.</summary>
    public double Between(double low, double high) => low + ((high - low) * Unit());

    /// <summary>A whole number in [low, high], both included.</summary>
    public int Whole(int low, int high) => low + (int)stream.Below(next++, high - low + 1);

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>One of several.</summary>
    public T One<T>(IReadOnlyList<T> choices) => choices[Whole(0, choices.Count - 1)];

    /// <summary>A unit vector in any direction: a point of the disc, drawn until it lies in it and not at its center, made one
    /// long.</summary>
    public Vector Direction()
    {
        while (true)
        {
            var point = new Vector(Between(-1, 1), Between(-1, 1));
            double length = point.Length;
            if (length is > 0.1 and < 1)
            {
                return point / length;
            }
        }
    }
}
