namespace SanityChecks.Compute;

/// <summary>A batch normalisation with fixed statistics: y = (x - mean) / sqrt(variance + epsilon) * scale + shift, per channel.</summary>
/// <param name="Scale">Gamma, [C].</param>
/// <param name="Shift">Beta, [C].</param>
/// <param name="Mean">Running mean, [C].</param>
/// <param name="Variance">Running variance, [C].</param>
/// <param name="Epsilon">Added to the variance; PyTorch's default is 1e-5.</param>
public sealed record BatchNormParameters(Tensor Scale, Tensor Shift, Tensor Mean, Tensor Variance, float Epsilon);
