using SanityChecks.Compute;

namespace SanityChecks.Tests.Networks;

/// <summary>The reference loops on tensors that turn to NaN when disposed, and are counted: shows use after release, and what is never
/// released.</summary>
internal sealed class PoisoningEngine : HostEngine
{
    public override string Name => "poisoning";

    public override string Description => "reference loops; disposed tensors become NaN";

    /// <summary>Tensors that were made and not yet disposed.</summary>
    public int Live { get; private set; }

    private protected override HostTensor Allocate(Shape shape)
    {
        Live++;
        float[] values = new float[shape.Count];
        Array.Fill(values, float.NaN);
        return new Poisoned(shape, values, this);
    }

    private sealed class Poisoned(Shape shape, float[] values, PoisoningEngine engine) : HostTensor(shape, values)
    {
        private PoisoningEngine? engine = engine;

        protected override void Dispose(bool disposing)
        {
            if (engine is not null)
            {
                engine.Live--;
                engine = null;
                System.Array.Fill(Array, float.NaN);
            }
        }
    }
}
