using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Training;

/// <summary>A rule that turns gradients into new weights, and what it remembers of earlier steps.</summary>
/// <remarks>Weights are values: a step makes new tensors and leaves the old ones as they were. Not thread safe.</remarks>
public abstract class Optimizer
{
    private const int Chunk = 1 << 15;

    private readonly Dictionary<string, float[][]> moments = new(StringComparer.Ordinal);

    /// <summary>Its name in configurations.</summary>
    public abstract string Name { get; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The names of what is remembered for each tensor.</summary>
    protected abstract IReadOnlyList<string> Moments { get; }

    /// <summary>What is remembered, under names such as <c>mean.features.0.weight</c>.</summary>
    public IEnumerable<KeyValuePair<string, HostTensor>> State => moments.SelectMany(
        one => Moments.Select(
            (moment, i) => KeyValuePair.Create($"{moment}.{one.Key}", new HostTensor(new Shape(one.Value[i].Length), [.. one.Value[i]]))));

    /// <summary>Goes on where another optimizer stopped.</summary>
    /// <param name="steps">Its <see cref="Steps"/>.</param>
    /// <param name="state">Its <see cref="State"/>, with anything else beside it.</param>
    /// <param name="tensors">Names of the tensors that are trained.</param>
    /// <exception cref="KeyNotFoundException">The state lacks one of them.</exception>
    public void Restore(long steps, Weights state, IEnumerable<string> tensors)
    {
        Steps = steps;
        moments.Clear();
        foreach (string name in tensors)
        {
            moments.Add(name, [.. Moments.Select(moment => state[$"{moment}.{name}"].Values.ToArray())]);
        }
    }

    /// <summary>One step down the gradients.</summary>
    /// <param name="weights">The weights that the gradients belong to.</param>
    /// <param name="gradients">A gradient for each tensor that is trained, of its length.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <param name="scale">What gradients are multiplied by first; below 1 where their norm is clipped.</param>
    /// <returns>New weights that share every tensor without a gradient.</returns>
    public Weights Step(Weights weights, IReadOnlyDictionary<string, float[]> gradients, double learningRate, double scale = 1)
    {
        Steps++;
        var replaced = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach ((string name, float[] gradient) in gradients)
        {
            HostTensor tensor = weights[name];
            if (!moments.TryGetValue(name, out float[][]? memory))
            {
                moments.Add(name, memory = [.. Moments.Select(_ => new float[gradient.Length])]);
            }

            float[] values = tensor.Values.ToArray();
            bool decays = tensor.Shape.Rank > 1;
            Parallel.For(0, (values.Length + Chunk - 1) / Chunk, chunk =>
                Update(values, gradient, memory, chunk * Chunk, Math.Min(values.Length, (chunk + 1) * Chunk), learningRate, scale, decays));
            replaced.Add(name, new HostTensor(tensor.Shape, values));
        }

        return weights.With(replaced);
    }

    /// <summary>Updates elements [first, end) of one tensor, each by itself.</summary>
    /// <param name="values">The weights: read, then written.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="memory">What is remembered of the tensor, one array for each of <see cref="Moments"/>: read, then written.</param>
    /// <param name="first">The first element.</param>
    /// <param name="end">The element after the last.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    /// <param name="decays">Whether weight decay applies: to weights, not to biases or normalisations.</param>
    protected abstract void Update(
        float[] values, float[] gradient, float[][] memory, int first, int end, double learningRate, double scale, bool decays);
}
