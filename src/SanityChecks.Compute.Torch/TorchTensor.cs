using TorchSharp;

namespace SanityChecks.Compute.Torch;

/// <summary>A tensor that lives on a TorchSharp device; contiguous.</summary>
/// <param name="shape">Its axes.</param>
/// <param name="value">Belongs to this object.</param>
internal sealed class TorchTensor(Shape shape, torch.Tensor value) : Tensor(shape)
{
    public torch.Tensor Value => value;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => value.Dispose();
}
