using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules.Relevance;

/// <summary>LRP's flat rule: a sum's relevance is spread evenly over what it reads, whatever the weights and values (Lapuschkin et al.
/// 2019).</summary>
public sealed record FlatRule : LinearRule
{
    /// <inheritdoc/>
    public override Tensor[] PassBack(Operation operation, in BackwardStep step)
    {
        IEngine engine = step.Engine;
        using Tensor input = Ones(engine, step.Inputs[0]!.Shape);
        Tensor[] even = [.. step.Parameters.Select((tensor, at) =>
            at == 0 ? Ones(engine, tensor.Shape) : engine.Upload(tensor.Shape, new float[tensor.Shape.Count]))];
        try
        {
            using Tensor sums = operation.Forward(engine, [input], even, Compute.Activation.None);
            using Tensor shares = engine.Divide(step.OutputGradient, sums, Stabilizer);
            return operation.InputGradients(step with { OutputGradient = shares, Inputs = [input], Parameters = even });
        }
        finally
        {
            Array.ForEach(even, tensor => tensor.Dispose());
        }
    }

    private static Tensor Ones(IEngine engine, Shape shape)
    {
        float[] ones = new float[shape.Count];
        Array.Fill(ones, 1);
        return engine.Upload(shape, ones);
    }
}
