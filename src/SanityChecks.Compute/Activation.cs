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

/// <summary>Which elements of a gradient pass an activation; every other becomes 0, whatever it was.</summary>
[Flags]
public enum Gates
{
    /// <summary>Those where the activation's derivative is 1: its output is positive and, for ReLU6, below 6.</summary>
    Open = 1,

    /// <summary>Those that are positive themselves.</summary>
    Positive = 2,
}
