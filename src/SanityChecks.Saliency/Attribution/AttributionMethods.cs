using SanityChecks.RunFiles;

namespace SanityChecks.Saliency.Attribution;

/// <summary>The methods by name.</summary>
public static class AttributionMethods
{
    /// <summary>All of them, in the order in which lists show them.</summary>
    public static IReadOnlyList<AttributionMethod> All { get; } =
    [
        GradCam.Instance,
        GuidedBackprop.Instance,
        GuidedGradCam.Instance,
        GradCamPlusPlus.Instance,
        XGradCam.Instance,
        HiResCam.Instance,
        GradCamElementwise.Instance,
        LayerCam.Instance,
        EigenCam.Instance,
        EigenGradCam.Instance,
        CounterfactualGradCam.Instance,
        MeanActivation.Instance,
        ClassActivationMap.Instance,
        ScoreCam.Instance,
        AblationCam.Instance,
        InputGradient.Instance,
        Deconvnet.Instance,
        InputXGradient.Instance,
        IntegratedGradients.Instance,
        SmoothGrad.Instance,
        SmoothGradSquared.Instance,
        VarGrad.Instance,
        SmoothIntegratedGradients.Instance,
        GradientShap.Instance,
        GuidedIntegratedGradients.Instance,
        BlurIntegratedGradients.Instance,
        FullGrad.Instance,
        Occlusion.Instance,
        Rise.Instance,
        KernelShap.Instance,
        DeepLift.Instance,
        LrpEpsilon.Instance,
        LrpZPlus.Instance,
        LrpEpsilonPlus.Instance,
        LrpEpsilonPlusFlat.Instance,
        LrpAlpha2Beta1.Instance,
        LrpEpsilonGammaBox.Instance,
        ExcitationBackprop.Instance,
        RandomMap.Instance,
        SobelEdges.Instance,
        InputImage.Instance,
    ];

    /// <summary>The method of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists the names.</exception>
    public static AttributionMethod Find(string name) => All.FirstOrDefault(method => method.Name == name)
        ?? throw new InputException(
            $"There is no method '{name}'; the methods are {string.Join(", ", All.Select(method => method.Name))}.");
}
