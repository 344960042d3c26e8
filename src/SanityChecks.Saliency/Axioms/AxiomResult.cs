namespace SanityChecks.Saliency.Axioms;

/// <summary>What came of a check.</summary>
public enum AxiomVerdict
{
    /// <summary>The map does what the axiom asks.</summary>
    Pass,

    /// <summary>It does not.</summary>
    Fail,

    /// <summary>The axiom says nothing about such a method, network or image.</summary>
    DoesNotApply,
}

/// <summary>One method under one axiom.</summary>
/// <param name="Axiom">The axiom's name.</param>
/// <param name="Asks">What it asks, and of which function.</param>
/// <param name="Method">The method's name in results.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Says">The numbers, or why it does not apply.</param>
public sealed record AxiomResult(string Axiom, string Asks, string Method, AxiomVerdict Verdict, string Says);
