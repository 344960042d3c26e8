using SanityChecks.Compute;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules.Relevance;

/// <summary>LRP's z^B rule for the layer that reads the image: the epsilon rule of x W - l W+ - h W-, where l and h are the least and the
/// largest values that a pixel can have (Montavon et al. 2017, section 4.2).</summary>
/// <param name="Low">l, of the input's shape.</param>
/// <param name="High">h, of the input's shape.</param>
public sealed record BoxRule(Tensor Low, Tensor High) : LinearRule
{
    /// <inheritdoc/>
    public override Tensor[] PassBack(Operation operation, in BackwardStep step)
    {
        IEngine engine = step.Engine;
        Tensor input = step.Inputs[0]!;
        Tensor[] positive = WeightPart.Positive.Of(step), negative = WeightPart.Negative.Of(step);
        using Tensor whole = operation.Forward(engine, [input], step.Parameters, Compute.Activation.None);
        using Tensor low = operation.Forward(engine, [Low], positive, Compute.Activation.None);
        using Tensor high = operation.Forward(engine, [High], negative, Compute.Activation.None);
        using Tensor less = engine.AddScaled(whole, low, -1);
        using Tensor sums = engine.AddScaled(less, high, -1);
        using Tensor shares = engine.Divide(step.OutputGradient, sums, Stabilizer);
        using Tensor ofInput = Share(operation, step, shares, input, step.Parameters);
        using Tensor ofLow = Share(operation, step, shares, Low, positive), ofHigh = Share(operation, step, shares, High, negative);
        using Tensor rest = engine.AddScaled(ofInput, ofLow, -1);
        return [engine.AddScaled(rest, ofHigh, -1)];
    }
}
