using ScottPlot;
using SkiaSharp;

namespace SanityChecks.Reporting.Fonts;

/// <summary>Gives ScottPlot this program's typefaces whatever name it asks for, so that a chart never depends on what a system has
/// installed.</summary>
internal sealed class OpenSansResolver : IFontResolver
{
    static OpenSansResolver() => ScottPlot.Fonts.FontResolvers.Insert(0, new OpenSansResolver());

    private OpenSansResolver()
    {
    }

    /// <summary>Takes effect at the first call; later ones do nothing. To be called before anything is drawn or measured.</summary>
    public static void Install() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(OpenSansResolver).TypeHandle);

    /// <summary>The semibold typeface for anything heavier than medium, else the regular one.</summary>
    public SKTypeface CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        weight > FontWeight.Medium ? OpenSans.Semibold : OpenSans.Regular;

    /// <summary>The semibold typeface where bold is wanted, else the regular one.</summary>
    public SKTypeface CreateTypeface(string fontName, bool bold, bool italic) => bold ? OpenSans.Semibold : OpenSans.Regular;
}
