using SanityChecks.Compute;
using SanityChecks.Networks;
using SanityChecks.Networks.Operations;

namespace SanityChecks.Saliency.Rules;

/// <summary>Deconvnet (Zeiler and Fergus 2014): at every ReLU the gradient where it is positive, else 0, whatever the output was.</summary>
public sealed record DeconvnetRule : BackwardRule
{
    /// <inheritdoc/>
    protected override Tensor[] Activation(ActivationOperation operation, in BackwardStep step) =>
        operation.InputGradients(step, Gates.Positive);
}
