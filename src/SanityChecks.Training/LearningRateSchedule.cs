namespace SanityChecks.Training;

/// <summary>A learning rate that rises in a line to its peak, then falls along half a cosine to 0 (Loshchilov and Hutter 2017, without
/// restarts).</summary>
/// <param name="Peak">The highest rate.</param>
/// <param name="WarmUp">Steps before the peak; 0 begins at it.</param>
/// <param name="Steps">All steps.</param>
public sealed record LearningRateSchedule(double Peak, long WarmUp, long Steps)
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">From 0. The first step of the warm-up has Peak / (WarmUp + 1), the one after its last the peak itself, the one
    /// after the last of all would have 0.</param>
    public double At(long step) => step < WarmUp
        ? Peak * (step + 1) / (WarmUp + 1)
        : Peak * (1 + Math.Cos(Math.PI * (step - WarmUp) / Math.Max(1, Steps - WarmUp))) / 2;
}
