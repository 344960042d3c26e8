namespace SanityChecks.Networks.Onnx;

/// <summary>A node cannot become a layer; the reading goes on to find the others.</summary>
/// <param name="reason">What the node has and what is supported, without the node's name.</param>
/// <param name="ofShapes">Whether the shapes of its inputs are to blame, which are guesses behind another unsupported node.</param>
internal sealed class UnsupportedNodeException(string reason, bool ofShapes = false) : Exception(reason)
{
    /// <summary>Whether it may only follow from a guess.</summary>
    public bool OfShapes => ofShapes;
}
