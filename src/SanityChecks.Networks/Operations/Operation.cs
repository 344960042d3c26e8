using SanityChecks.Compute;

namespace SanityChecks.Networks.Operations;

/// <summary>What a layer computes, and how a gradient passes back through it.</summary>
public abstract class Operation
{
    /// <summary>The learned tensors: what follows the layer's name in a weight file, and the shape. In the order of the pass
    /// forward.</summary>
    public virtual IReadOnlyList<(string Suffix, Shape Shape)> Parameters => [];

    /// <summary>The activation that the engine may apply in the same sweep, if a ReLU follows.</summary>
    public virtual bool FusesActivation => false;

    /// <summary>Whether it learns only a scale and a shift, which begin as 1 and 0: so a randomized one is set, not drawn.</summary>
    public virtual bool BeginsAsIdentity => false;

    /// <summary>The layer's output.</summary>
    /// <param name="engine">Computes it.</param>
    /// <param name="inputs">The outputs of the layers that this one reads.</param>
    /// <param name="parameters">The learned tensors, in the order of <see cref="Parameters"/>.</param>
    /// <param name="fused">Applied to the output; <see cref="Activation.None"/> unless <see cref="FusesActivation"/>.</param>
    public abstract Tensor Forward(IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused);

    /// <summary>As <see cref="Forward(IEngine, ReadOnlySpan{Tensor}, ReadOnlySpan{Tensor}, Activation)"/>, with what the operation has
    /// found out about its inputs.</summary>
    /// <param name="engine">Computes it.</param>
    /// <param name="inputs">The outputs of the layers that this one reads.</param>
    /// <param name="parameters">The learned tensors.</param>
    /// <param name="fused">Applied to the output.</param>
    /// <param name="observed">What the pass keeps for the pass back (<see cref="BackwardStep.Observed"/>), such as the statistics of a
    /// batch; null for most.</param>
    public virtual Tensor Forward(
        IEngine engine, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Activation fused, out object? observed)
    {
        observed = null;
        return Forward(engine, inputs, parameters, fused);
    }

    /// <summary>What the operation adds to each channel whatever it reads: its output where every input is 0.</summary>
    /// <param name="parameters">The learned tensors, in the order of <see cref="Parameters"/>.</param>
    /// <returns>A value for each channel of the output; null where the operation adds nothing.</returns>
    public virtual double[]? Offsets(IReadOnlyList<HostTensor> parameters) => null;

    /// <summary>The derivative: the gradients at the inputs, one each. A gradient may be the given one itself where it passes
    /// unchanged.</summary>
    public abstract Tensor[] InputGradients(in BackwardStep step);

    /// <summary>The gradients with respect to the learned tensors, summed over the batch, in the order of
    /// <see cref="Parameters"/>.</summary>
    /// <returns>New tensors of the parameters' shapes; null for one that no gradient trains, such as a running mean.</returns>
    public virtual Tensor?[] ParameterGradients(in BackwardStep step) => new Tensor?[Parameters.Count];
}

/// <summary>What an operation may look at to pass a gradient back.</summary>
/// <param name="Engine">Computes it.</param>
/// <param name="OutputGradient">The gradient at the layer's output.</param>
/// <param name="Inputs">What the layer read; an entry is null where it was never stored because its ReLU was fused.</param>
/// <param name="Output">What the layer gave; null where it was never stored.</param>
/// <param name="Parameters">The learned tensors.</param>
/// <param name="Observed">What the operation has found out about its inputs in the pass forward; null for most.</param>
public readonly record struct BackwardStep(
    IEngine Engine, Tensor OutputGradient, Tensor?[] Inputs, Tensor? Output, Tensor[] Parameters, object? Observed = null);
