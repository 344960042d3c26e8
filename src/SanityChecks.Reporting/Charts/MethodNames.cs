using System.Collections.Frozen;

namespace SanityChecks.Reporting.Charts;

/// <summary>How the papers write the methods' names.</summary>
internal static class MethodNames
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["grad_cam"] = "Grad-CAM",
        ["guided_grad_cam"] = "Guided Grad-CAM",
        ["guided_backprop"] = "Guided Backprop",
        ["deconvnet"] = "Deconvnet",
        ["gradient"] = "Gradient",
        ["input_x_gradient"] = "Input × Gradient",
        ["integrated_gradients"] = "Integrated Gradients",
        ["smoothgrad"] = "SmoothGrad",
        ["smooth_grad"] = "SmoothGrad",
        ["vargrad"] = "VarGrad",
        ["var_grad"] = "VarGrad",
        ["deeplift"] = "DeepLIFT",
        ["random"] = "Random map (control)",
        ["sobel"] = "Sobel edges (control)",
        ["input"] = "Input itself (control)",
    }.ToFrozenDictionary();

    /// <summary>The method as the papers write it; of an unknown method its own name with spaces for underscores.</summary>
    public static string Display(string method) => Names.GetValueOrDefault(method) ?? method.Replace('_', ' ');
}
