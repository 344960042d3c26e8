using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules;

/// <summary>Guided Backprop (Springenberg et al. 2015): at every ReLU the derivative, and 0 where the gradient is negative.</summary>
public sealed record GuidedRule : BackwardRule
{
    /// <inheritdoc/>
    protected override Tensor[] Activation(ActivationOperation operation, in BackwardStep step) =>
        operation.InputGradients(step, Gates.Open | Gates.Positive);
}
