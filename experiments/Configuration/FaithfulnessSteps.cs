namespace SanityChecks.Experiments.Configuration;

/// <summary>Whose maps are measured for faithfulness; always on the trained network.</summary>
public enum FaithfulnessSteps
{
    /// <summary>The trained network's.</summary>
    Trained,

    /// <summary>Those of every randomized network too.</summary>
    All,
}
