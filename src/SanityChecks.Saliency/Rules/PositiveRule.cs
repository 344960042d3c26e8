using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules;

/// <summary>LRP's z+ rule: relevance goes only to what raises a sum, R_j = sum_i (a_j w_ij)+ R_i / (sum_j (a_j w_ij)+ + b_i+ + epsilon)
/// (Montavon et al. 2017, as zennit has it).</summary>
/// <param name="Epsilon">At least 0, in the units of the sums.</param>
/// <param name="FullyConnected">Whether fully connected layers follow it too; otherwise they follow the epsilon rule.</param>
/// <param name="Flat">A layer whose relevance is spread evenly over what it reads, whatever its weights; null for none.</param>
/// <remarks>
/// Of convolutions. An input's negative part counts with the negative weights. The rule forgets the sign of the logit's contributions: it
/// is known to change little when upper layers are randomized (Sixt, Granz and Landgraf 2020). Everything else is as for the epsilon rule.
/// </remarks>
public sealed record PositiveRule(float Epsilon, bool FullyConnected, Operation? Flat = null) : EpsilonRule(Epsilon)
{
    /// <summary>zennit's epsilon where a rule has none of its own: it keeps a sum of 0 from being divided by.</summary>
    public const float Stabilizer = 1e-6f;

    /// <summary>Why a network cannot be explained by the rule, or null where it can: relevance through a batch normalization depends on
    /// whether it is merged into the convolution before it, and only then is what the papers mean.</summary>
    /// <param name="network">The network.</param>
    /// <param name="method">Who asks, for the message.</param>
    public static string? ObstacleOf(Network network, string method) =>
        network.Layers.FirstOrDefault(layer => layer.Operation is BatchNormOperation) is { } layer
            ? $"{method} needs a network whose batch normalizations are merged into its convolutions; {network.Architecture} has {layer}"
            : null;

    /// <inheritdoc/>
    protected override Tensor[] Convolution(ConvolutionOperation operation, in BackwardStep step) =>
        operation == Flat ? Evenly(operation, step) : Positive(operation, step);

    /// <inheritdoc/>
    protected override Tensor[] Linear(LinearOperation operation, in BackwardStep step) =>
        FullyConnected ? Positive(operation, step) : base.Linear(operation, step);

    private Tensor[] Positive(Operation operation, in BackwardStep step)
    {
        IEngine engine = step.Engine;
        Tensor input = step.Inputs[0]!;
        using Tensor above = engine.Activate(input, Compute.Activation.Relu), below = engine.AddScaled(input, above, -1);
        Tensor[] raising = Changed(step, (value, _) => Math.Max(value, 0));
        Tensor[] lowering = Changed(step, (value, bias) => bias ? 0 : Math.Min(value, 0));
        try
        {
            using Tensor first = operation.Forward(engine, [above], raising, Compute.Activation.None);
            using Tensor second = operation.Forward(engine, [below], lowering, Compute.Activation.None);
            using Tensor sums = engine.AddScaled(first, second, 1);
            using Tensor shares = engine.Divide(step.OutputGradient, sums, Epsilon);
            using Tensor up = Share(step, operation, shares, above, raising), down = Share(step, operation, shares, below, lowering);
            return [engine.AddScaled(up, down, 1)];
        }
        finally
        {
            Release(raising);
            Release(lowering);
        }
    }

    private Tensor[] Evenly(Operation operation, in BackwardStep step)
    {
        IEngine engine = step.Engine;
        float[] ones = new float[step.Inputs[0]!.Shape.Count];
        Array.Fill(ones, 1);
        using Tensor input = engine.Upload(step.Inputs[0]!.Shape, ones);
        Tensor[] even = Changed(step, (_, bias) => bias ? 0 : 1);
        try
        {
            using Tensor sums = operation.Forward(engine, [input], even, Compute.Activation.None);
            using Tensor shares = engine.Divide(step.OutputGradient, sums, Epsilon);
            return operation.InputGradients(step with { OutputGradient = shares, Inputs = [input], Parameters = even });
        }
        finally
        {
            Release(even);
        }
    }

    private static Tensor Share(in BackwardStep step, Operation operation, Tensor shares, Tensor input, Tensor[] parameters)
    {
        Tensor[] passed = operation.InputGradients(step with { OutputGradient = shares, Inputs = [input], Parameters = parameters });
        Tensor share = step.Engine.Multiply(passed[0], input);
        Release(passed);
        return share;
    }

    /// <summary>The layer's tensors with changed values; the second argument says whether a value is of the bias.</summary>
    private static Tensor[] Changed(BackwardStep step, Func<float, bool, float> change) => [.. step.Parameters.Select((tensor, at) =>
    {
        float[] values = new float[tensor.Shape.Count];
        step.Engine.Download(tensor, values);
        return step.Engine.Upload(tensor.Shape, Array.ConvertAll(values, value => change(value, at > 0)));
    })];

    private static void Release(Tensor[] tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            tensor.Dispose();
        }
    }
}
