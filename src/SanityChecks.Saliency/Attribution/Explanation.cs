using System.Buffers;
using SanityChecks.Compute;
using SanityChecks.Networks;

namespace SanityChecks.Saliency.Attribution;

/// <summary>One batch's explanation: each gradient and each map is computed once, whichever methods ask for it.</summary>
public sealed class Explanation : IDisposable
{
    private readonly ForwardPass pass;
    private readonly bool ownsPass;
    private readonly int[] targets;
    private readonly Tensor logitGradient;
    private readonly ILookup<BackwardRule, Layer> demands;
    private readonly Dictionary<BackwardRule, IReadOnlyDictionary<Layer, Tensor>> gradients = [];
    private readonly Dictionary<ConfiguredMethod, Tensor> maps = [];
    private readonly Dictionary<ConfiguredMethod, Tensor> enlarged = [];
    private readonly List<Tensor> kept = [];
    private readonly List<MethodFact> facts = [];
    private readonly Dictionary<object, object> shared = [];
    private readonly InputSpace? space;
    private ForwardPass? merged;

    /// <summary>Prepares an explanation; nothing is computed yet.</summary>
    /// <param name="pass">The activations; must outlive this object.</param>
    /// <param name="targets">The class to explain, for each image.</param>
    /// <param name="camLayer">The layer that Grad-CAM reads; its activation must be stored in the pass.</param>
    /// <param name="methods">The methods that will be asked for.</param>
    /// <param name="space">What the inputs mean; null where no method asks.</param>
    /// <exception cref="ArgumentException">The number of targets differs from the batch, or a target is no class of the
    /// network.</exception>
    public Explanation(
        ForwardPass pass, IReadOnlyList<int> targets, Layer camLayer, IReadOnlyCollection<ConfiguredMethod> methods,
        InputSpace? space = null)
        : this(pass, targets, camLayer, methods, space, ownsPass: false)
    {
    }

    private Explanation(
        ForwardPass pass, IReadOnlyList<int> targets, Layer camLayer, IReadOnlyCollection<ConfiguredMethod> methods, InputSpace? space,
        bool ownsPass)
    {
        int batch = pass.Logits.Shape[0], classes = pass.Logits.Shape[1];
        if (targets.Count != batch || targets.Any(target => target < 0 || target >= classes))
        {
            throw new ArgumentException(
                $"{batch} targets from 0 to {classes - 1} are needed, not {string.Join(", ", targets)}.", nameof(targets));
        }

        this.pass = pass;
        this.ownsPass = ownsPass;
        this.targets = [.. targets];
        this.space = space;
        CamLayer = camLayer;
        demands = methods.SelectMany(configured => configured.Method.Gradients(pass.Network, camLayer)).Distinct()
            .ToLookup(demand => demand.Rule, demand => demand.Layer);
        float[] chosen = new float[batch * classes];
        for (int n = 0; n < batch; n++)
        {
            chosen[(n * classes) + targets[n]] = 1;
        }

        logitGradient = Engine.Upload(new Shape(batch, classes), chosen);
    }

    /// <summary>Computes on tensors.</summary>
    public IEngine Engine => pass.Engine;

    /// <summary>The layer that Grad-CAM reads.</summary>
    public Layer CamLayer { get; }

    /// <summary>The size of the images, and so of the maps.</summary>
    public (int Height, int Width) InputSize => (pass[pass.Network.Input].Shape[2], pass[pass.Network.Input].Shape[3]);

    /// <summary>The input layer, for gradients in input space.</summary>
    public Layer Input => pass.Network.Input;

    /// <summary>The logits, [N, classes].</summary>
    public Tensor Logits => pass.Logits;

    /// <summary>The class that is explained, for each image.</summary>
    public IReadOnlyList<int> Targets => targets;

    /// <summary>How many changed inputs have been looked at.</summary>
    internal int Passes { get; private set; }

    /// <summary>What methods have said of their maps, in the order of the maps.</summary>
    public IReadOnlyList<MethodFact> Facts => facts;

    /// <summary>What the inputs mean.</summary>
    /// <exception cref="InvalidOperationException">This explanation was not told.</exception>
    public InputSpace Space =>
        space ?? throw new InvalidOperationException("This explanation was made without the images that its inputs come from.");

    /// <summary>The network that is explained.</summary>
    public Network Network => pass.Network;

    /// <summary>The weights of the network that is explained.</summary>
    public Weights Weights => pass.Weights;

    /// <summary>A layer's activation.</summary>
    public Tensor Activation(Layer layer) => pass[layer];

    /// <summary>The gradient of each image's target logit at a layer's output. Belongs to this object.</summary>
    public Tensor Gradient(BackwardRule rule, Layer layer)
    {
        if (!gradients.TryGetValue(rule, out IReadOnlyDictionary<Layer, Tensor>? byLayer) || !byLayer.ContainsKey(layer))
        {
            byLayer = BackwardPass.Run(pass, logitGradient, rule, [.. demands[rule].Append(layer).Distinct()]);
            kept.AddRange(byLayer.Values);
            gradients[rule] = byLayer;
        }

        return byLayer[layer];
    }

    /// <summary>Shows the gradient of each image's target logit at the outputs of several layers, in one pass back that keeps none of
    /// them.</summary>
    /// <param name="layers">The layers; <see cref="Input"/> for the image.</param>
    /// <param name="show">Gets a layer and the gradient there, from the logits down; the tensor is released after the call.</param>
    public void ForEachLayerGradient(IReadOnlyCollection<Layer> layers, Action<Layer, Tensor> show) =>
        BackwardPass.Show(pass, logitGradient, BackwardRule.Derivative, layers, show);

    /// <summary>The relevance of the image for each image's target logit, by a network whose batch normalizations are merged into its
    /// convolutions. Belongs to this object.</summary>
    /// <param name="rule">How relevance goes from an operation's output to its inputs, for the merged network.</param>
    /// <param name="handsDownLogit">Whether what is handed down is the logit itself; otherwise 1.</param>
    public Tensor Relevance(Func<Network, BackwardRule> rule, bool handsDownLogit)
    {
        ArgumentNullException.ThrowIfNull(rule);
        merged ??= Merge();
        using Tensor? logit = handsDownLogit ? Engine.Multiply(logitGradient, merged.Logits) : null;
        Layer input = merged.Network.Input;
        return Keep(BackwardPass.Run(merged, logit ?? logitGradient, rule(merged.Network), [input])[input]);
    }

    /// <summary>What comes back to the image by a rule that looks at a baseline, too. Belongs to this object.</summary>
    /// <param name="baseline">Of the images' shape.</param>
    /// <param name="rule">The rule, for the baseline's activations.</param>
    public Tensor FromBaseline(Tensor baseline, Func<ForwardPass, BackwardRule> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        using ForwardPass here = ForwardPass.RunStoringAll(Engine, pass.Network, pass.Weights, pass[Input]);
        using ForwardPass there = ForwardPass.RunStoringAll(Engine, pass.Network, pass.Weights, baseline);
        return Keep(BackwardPass.Run(here, logitGradient, rule(there), [Input])[Input]);
    }

    /// <summary>The same network, targets and images' meanings with changed inputs. The caller disposes it, and with it the
    /// activations.</summary>
    /// <param name="inputs">As many inputs of the same shape; they stay the caller's and must outlive the result.</param>
    public Explanation Of(Tensor inputs)
    {
        Passes++;
        return new(ForwardPass.Run(Engine, pass.Network, pass.Weights, inputs, CamLayer), targets, CamLayer, [], space, ownsPass: true);
    }

    /// <summary>The same network, images and targets with another activation of the layer that Grad-CAM reads. The caller disposes
    /// it.</summary>
    /// <param name="activation">Of the layer's shape; it stays the caller's and must outlive the result.</param>
    public Explanation With(Tensor activation)
    {
        Passes++;
        return new(pass.With(CamLayer, activation), targets, CamLayer, [], space, ownsPass: true);
    }

    /// <summary>The mean over changed inputs of the gradient at them, summed in double precision. Belongs to this object.</summary>
    /// <param name="count">How many changed inputs there are.</param>
    /// <param name="changed">Makes each, by its number from 0; a tensor of the input's shape, which is released here.</param>
    public Tensor MeanGradient(int count, Func<int, Tensor> changed)
    {
        Shape shape = pass[Input].Shape;
        double[] sums = new double[shape.Count];
        ForEachGradient(count, changed, values => Parallel.For(0, sums.Length, at => sums[at] += values[at]));
        return Keep(Engine.Upload(shape, Array.ConvertAll(sums, sum => (float)(sum / count))));
    }

    /// <summary>Shows the gradient at each of several changed inputs.</summary>
    /// <param name="count">How many changed inputs there are.</param>
    /// <param name="changed">Makes each, by its number from 0; a tensor of the input's shape, which is released here.</param>
    /// <param name="show">Gets the gradient's values, [N, C, H, W]; the array is used again for the next.</param>
    public void ForEachGradient(int count, Func<int, Tensor> changed, Action<float[]> show)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(show);
        float[] values = new float[pass[Input].Shape.Count];
        for (int i = 0; i < count; i++)
        {
            using Tensor inputs = changed(i);
            using Explanation there = Of(inputs);
            Engine.Download(there.Gradient(BackwardRule.Derivative, Input), values);
            show(values);
        }
    }

    /// <summary>What several methods need is made once.</summary>
    /// <param name="key">Equal for what is the same.</param>
    /// <param name="make">Makes it.</param>
    public T Once<T>(object key, Func<T> make)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(make);
        if (!shared.TryGetValue(key, out object? made))
        {
            made = make();
            shared.Add(key, made);
        }

        return (T)made;
    }

    /// <summary>A method's maps: [N, 1, H, W] or [N, 3, H, W] at the input's size. Belongs to this object.</summary>
    /// <remarks>Maps of a layer's size are enlarged bilinearly with half-pixel centers.</remarks>
    public Tensor Map(ConfiguredMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        Tensor native = NativeMap(method);
        if (!method.Method.IsEnlarged)
        {
            return native;
        }

        if (!enlarged.TryGetValue(method, out Tensor? map))
        {
            map = Keep(Engine.ResizeBilinear(native, InputSize.Height, InputSize.Width));
            enlarged.Add(method, map);
        }

        return map;
    }

    /// <summary>A method's maps at the size at which it makes them. Belongs to this object.</summary>
    public Tensor NativeMap(ConfiguredMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!maps.TryGetValue(method, out Tensor? map))
        {
            map = method.Smoothing is { } smoothing
                ? smoothing.Mean(this, method with { Smoothing = null })
                : method.Method.Compute(this, method);
            maps.Add(method, map);
        }

        return map;
    }

    /// <summary>Copies a method's maps to the host, all at once.</summary>
    /// <returns>One map an image: [H, W] for one channel, else [3, H, W].</returns>
    public SaliencyMap[] Download(ConfiguredMethod method) => Download(Map(method));

    /// <summary>Copies maps [N, C, H, W] to the host.</summary>
    public SaliencyMap[] Download(Tensor maps)
    {
        int images = maps.Shape[0], channels = maps.Shape[1], count = (int)maps.Shape.Count, size = count / images;
        Shape shape = channels == 1 ? new Shape(maps.Shape[2], maps.Shape[3]) : new Shape(channels, maps.Shape[2], maps.Shape[3]);
        float[] values = ArrayPool<float>.Shared.Rent(count);
        try
        {
            Engine.Download(maps, values.AsSpan(0, count));
            return [.. Enumerable.Range(0, images).Select(n =>
            {
                float[] own = GC.AllocateUninitializedArray<float>(size);
                values.AsSpan(n * size, size).CopyTo(own);
                return new SaliencyMap(shape, own);
            })];
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    /// <summary>Each image's logit of its target.</summary>
    public float[] TargetLogits() => [.. LogitsByImage().Zip(targets, (logits, target) => logits[target])];

    /// <summary>Each image's probability of its target, the softmax of the logits in double precision.</summary>
    public double[] TargetProbabilities() => [.. LogitsByImage().Zip(targets, (logits, target) =>
    {
        double largest = logits.Max();
        return Math.Exp(logits[target] - largest) / logits.Sum(logit => Math.Exp(logit - largest));
    })];

    /// <summary>Adds to <see cref="Facts"/>.</summary>
    public void Say(MethodFact fact) => facts.Add(fact);

    /// <summary>Makes this object the owner of a tensor.</summary>
    public Tensor Keep(Tensor tensor)
    {
        kept.Add(tensor);
        return tensor;
    }

    /// <summary>Releases all gradients and maps.</summary>
    public void Dispose()
    {
        kept.ForEach(tensor => tensor.Dispose());
        logitGradient.Dispose();
        if (merged != pass)
        {
            merged?.Dispose();
        }

        if (ownsPass)
        {
            pass.Dispose();
        }
    }

    /// <summary>The pass itself where there is nothing to merge.</summary>
    private ForwardPass Merge()
    {
        MergedNetwork without = MergedNetwork.Of(pass.Network);
        return without.Network == pass.Network
            ? pass
            : ForwardPass.Run(Engine, without.Network, without.Weights(pass.Weights), pass[pass.Network.Input]);
    }

    private IEnumerable<float[]> LogitsByImage()
    {
        float[] logits = new float[Logits.Shape.Count];
        Engine.Download(Logits, logits);
        return logits.Chunk(Logits.Shape[1]);
    }
}
