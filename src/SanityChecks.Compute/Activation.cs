namespace SanityChecks.Compute;

/// <summary>The elementwise non-linearity that an operation may end with.</summary>
public enum Activation
{
    /// <summary>Identity.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, 0), 6), as in MobileNet.</summary>
    Relu6,
}

/// <summary>How a gradient passes back through a ReLU; g is the gradient at its output.</summary>
public enum GradientRule
{
    /// <summary>The derivative: g where the output is positive (and, for ReLU6, below 6), else 0.</summary>
    Plain,

    /// <summary>Guided Backprop (Springenberg et al. 2015): the derivative's rule, and 0 where g is negative.</summary>
    Guided,

    /// <summary>Deconvnet (Zeiler and Fergus 2014): g where g is positive, else 0, whatever the output was.</summary>
    Deconvnet,
}
