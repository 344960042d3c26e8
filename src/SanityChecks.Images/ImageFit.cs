namespace SanityChecks.Images;

/// <summary>How a photograph comes to the size that a network takes.</summary>
public enum ImageFit
{
    /// <summary>The shorter side is resized, the middle cut out, as torchvision's Resize and CenterCrop do; the edges are lost.</summary>
    Crop,

    /// <summary>All of it is resized, whatever its proportions.</summary>
    Squash,

    /// <summary>It stays as it is; images that go through a network together must be of one size.</summary>
    AsIs,
}
