namespace SanityChecks.RunFiles.Statistics;

/// <summary>A mean and its 95 % confidence interval.</summary>
/// <param name="Mean">The mean; null where nothing is defined.</param>
/// <param name="Low">The interval's lower end; null where there is one image and one draw.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Estimate(double? Mean, double? Low, double? High);
