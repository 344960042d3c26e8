using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules.Relevance;

/// <summary>How the relevance of an operation's output goes to its inputs, where the operation is linear but for a bias.</summary>
/// <remarks>Every rule divides the relevance of a sum among what was added to it, and differs in what counts as added.</remarks>
public abstract record LinearRule
{
    /// <summary>Keeps a sum of 0 from being divided by, where a rule has no epsilon of its own: zennit's.</summary>
    public const float Stabilizer = 1e-6f;

    /// <summary>The relevance of each input.</summary>
    /// <param name="operation">A convolution, a fully connected layer, a mean or a sum.</param>
    /// <param name="step">What came to its output, and what it read.</param>
    public abstract Tensor[] PassBack(Operation operation, in BackwardStep step);

    /// <summary>Divides relevance among the products of the input's positive values with one set of parameters and of its negative values
    /// with another.</summary>
    /// <param name="operation">A convolution or a fully connected layer.</param>
    /// <param name="step">What the operation read.</param>
    /// <param name="relevance">What is divided, of the output's shape.</param>
    /// <param name="above">What of the parameters the positive values are weighted with, and what of the bias counts.</param>
    /// <param name="below">What of the weight the negative values are weighted with.</param>
    protected static Tensor Divided(Operation operation, in BackwardStep step, Tensor relevance, WeightPart above, WeightPart below)
    {
        IEngine engine = step.Engine;
        Tensor input = step.Inputs[0]!;
        Tensor[] raising = above.Of(step);
        if (IsNowhereNegative(input))
        {
            // Behind a ReLU half of the work is about zeros.
            using Tensor sum = operation.Forward(engine, [input], raising, Compute.Activation.None);
            using Tensor alone = engine.Divide(relevance, sum, Stabilizer);
            return Share(operation, step, alone, input, raising);
        }

        using Tensor positive = engine.Activate(input, Compute.Activation.Relu);
        using Tensor first = operation.Forward(engine, [positive], raising, Compute.Activation.None);
        Tensor[] lowering = below.Of(step, bias: false);
        using Tensor negative = engine.AddScaled(input, positive, -1);
        using Tensor second = operation.Forward(engine, [negative], lowering, Compute.Activation.None);
        using Tensor sums = engine.AddScaled(first, second, 1);
        using Tensor shares = engine.Divide(relevance, sums, Stabilizer);
        using Tensor up = Share(operation, step, shares, positive, raising), down = Share(operation, step, shares, negative, lowering);
        return engine.AddScaled(up, down, 1);
    }

    /// <summary>The input times what comes back to it of the shares, with whatever parameters.</summary>
    protected static Tensor Share(Operation operation, in BackwardStep step, Tensor shares, Tensor input, Tensor[] parameters)
    {
        using Tensor passed = operation.InputGradients(
            step with { OutputGradient = shares, Inputs = [input], Parameters = parameters })[0];
        return step.Engine.Multiply(passed, input);
    }

    /// <summary>False, too, where the values are not in host memory and would have to come from there, or are no numbers.</summary>
    private static bool IsNowhereNegative(Tensor tensor)
    {
        if (tensor is not HostTensor host)
        {
            return false;
        }

        foreach (float value in host.Values)
        {
            if (!(value >= 0))
            {
                return false;
            }
        }

        return true;
    }
}
