using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace SanityChecks.Compute.Torch;

/// <summary>Every operation by libtorch, on a processor or an NVIDIA card. Tensors stay on the device until they are downloaded.</summary>
/// <remarks>
/// <para>
/// Gradients are operations of their own, as everywhere here: nothing is recorded, and a pass may be cut and reused anywhere. Where
/// libtorch offers a gradient only through its tape, the tape holds that one operation.
/// </para>
/// <para>
/// The garbage collector sees no memory of libtorch's. So each operation opens a scope, which releases everything but its result, and the
/// result belongs to the tensor that is returned; a weight's copy on the device belongs to the weight, and goes when that does.
/// </para>
/// <para>
/// A convolution's input gradient of stride 1 is computed as a convolution with flipped filters: libraries for cards choose among
/// algorithms for gradients of which some add in no fixed order, and have none such for the convolution itself.
/// </para>
/// </remarks>
internal sealed partial class TorchEngine : IEngine
{
    private readonly torch.Device device;
    private readonly ConditionalWeakTable<HostTensor, torch.Tensor> copies = [];

    /// <summary>Makes an engine.</summary>
    /// <param name="name">What it is called in manifests: <c>torch:cpu</c>, <c>torch:cuda:0</c>.</param>
    /// <param name="device">Where it computes; there and usable.</param>
    /// <param name="description">The device, for people.</param>
    /// <param name="facts">The device, driver, versions and switches, for the manifest.</param>
    /// <param name="automaticBatch">See <see cref="IEngine.AutomaticBatch"/>.</param>
    public TorchEngine(string name, torch.Device device, string description, IReadOnlyDictionary<string, string> facts, int automaticBatch)
    {
        this.device = device;
        (Name, Description, Facts, AutomaticBatch) = (name, description, facts, automaticBatch);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Facts { get; }

    /// <inheritdoc/>
    public int AutomaticBatch { get; }

    /// <inheritdoc/>
    public Tensor Upload(Shape shape, ReadOnlySpan<float> values)
    {
        Require(values.Length == shape.Count, $"A tensor of shape {shape} needs {shape.Count} values, but {values.Length} were given.");
        using IDisposable noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            return new TorchTensor(shape, Send(shape, values).DetachFromDisposeScope());
        }
        catch (ExternalException error) when (IsMemory(error))
        {
            throw Full(error);
        }
    }

    /// <inheritdoc/>
    public void Download(Tensor tensor, Span<float> destination)
    {
        if (tensor is HostTensor host)
        {
            host.Values.CopyTo(destination);
            return;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        MemoryMarshal.Cast<byte, float>(On(tensor).cpu().bytes).CopyTo(destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, torch.Tensor copy) in copies)
        {
            copy.Dispose();
        }

        copies.Clear();
    }

    /// <summary>Runs one operation: no tape, everything but the result released, the result contiguous and of the shape that is
    /// promised.</summary>
    private TorchTensor Run(Shape shape, Func<torch.Tensor> operation)
    {
        using IDisposable noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            torch.Tensor result = operation().contiguous();
            Require(
                result.shape.SequenceEqual(Axes(shape)),
                $"The operation gave [{string.Join(", ", result.shape)}] where {shape} is needed.");
            return new TorchTensor(shape, result.DetachFromDisposeScope());
        }
        catch (ExternalException error) when (IsMemory(error))
        {
            throw Full(error);
        }
    }

    /// <summary>The gradient at one operation's input, by libtorch's tape of that operation alone.</summary>
    /// <param name="operation">What is derived.</param>
    /// <param name="shape">The input's.</param>
    /// <param name="input">Where it is derived; null for an operation whose gradient is the same everywhere.</param>
    /// <param name="outputGradient">The gradient at its output.</param>
    private torch.Tensor GradientOf(
        Func<torch.Tensor, torch.Tensor> operation, Shape shape, torch.Tensor? input, torch.Tensor outputGradient)
    {
        using IDisposable gradients = torch.enable_grad();

        // A zero that is added, instead of a switch on the input itself: old versions of TorchSharp lose a handle, and so the memory, at
        // each such switch.
        torch.Tensor leaf = torch.zeros(Axes(shape), torch.ScalarType.Float32, device, true);
        torch.Tensor output = operation(input is null ? leaf : input + leaf);
        return torch.autograd.grad(outputs: new[] { output }, inputs: new[] { leaf }, grad_outputs: new[] { outputGradient })[0];
    }

    private static torch.Tensor Activated(torch.Tensor sum, Activation activation) => activation switch
    {
        Activation.None => sum,
        Activation.Relu => sum.relu(),
        Activation.Relu6 => sum.clamp(0, 6), // hardtanh(0, 6) of TorchSharp 0.107.0 lets negative values through
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };

    /// <summary>The tensor on the device; a weight is sent there once.</summary>
    private torch.Tensor On(Tensor tensor) => tensor switch
    {
        TorchTensor own => own.Value,
        HostTensor host => copies.GetValue(host, weight => Send(weight.Shape, weight.Values).DetachFromDisposeScope()),
        _ => throw new ArgumentException(
            $"This engine computes on {device}, but the tensor is a {tensor.GetType().Name} of another engine.", nameof(tensor)),
    };

    private torch.Tensor Send(Shape shape, ReadOnlySpan<float> values)
    {
        torch.Tensor here = torch.empty(Axes(shape), torch.ScalarType.Float32, torch.CPU);
        values.CopyTo(MemoryMarshal.Cast<byte, float>(here.bytes));
        return device.type == DeviceType.CPU ? here : here.to(device);
    }

    private static long[] Axes(Shape shape)
    {
        long[] axes = new long[shape.Rank];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = shape[i];
        }

        return axes;
    }

    private static bool IsMemory(ExternalException error) =>
        error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase);

    private EngineMemoryException Full(ExternalException error)
    {
        // libtorch says how much was asked for in its first line, then prints where it was.
        string said = error.Message.Split('\n')[0].Trim();
        return new EngineMemoryException(
            string.Create(CultureInfo.InvariantCulture, $"the memory of {Description} is full ({said})"), error);
    }

    private static void RequireSame(Tensor left, Tensor right) =>
        Require(left.Shape == right.Shape, $"The shape is {right.Shape} where {left.Shape} is needed.");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
