using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Kan.Panels;

namespace Kan;

/// <summary>Describes a compiled network and how it was compiled.</summary>
public sealed record KanModelInfo
{
    /// <summary>The name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>The number type of the generated code.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The number of inputs, followed by the number of outputs of each compiled layer.</summary>
    public required ImmutableArray<int> Widths { get; init; }

    /// <summary>The compiled layers, from first to last.</summary>
    public required ImmutableArray<KanLayerInfo> Layers { get; init; }

    /// <summary>The lowercase hexadecimal SHA-256 of the network's exact canonical form. Equal hashes mean equal parameters.</summary>
    public required string ContentHash { get; init; }

    /// <summary>
    /// A certified bound on |computed - exact| over all outputs, for inputs within the declared ranges. Infinity if no ranges are declared
    /// or if the computation may overflow for an input within them.
    /// </summary>
    public required double ErrorBound { get; init; }

    /// <summary>
    /// Why <see cref="ErrorBound"/> is infinite, including the layer where a number may overflow. Empty if the bound is finite.
    /// </summary>
    public string ErrorBoundReason { get; init; } = "";

    /// <summary>What the model's conversion left out, assumed, rounded or approximated, one sentence each. Empty if nothing.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>One name per input, or empty.</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>One unit per input, or empty.</summary>
    public ImmutableArray<string> InputUnits { get; init; } = [];

    /// <summary>
    /// The declared range of the inputs: one per input, one for all inputs, or empty. The error bound holds within these ranges.
    /// </summary>
    public ImmutableArray<KanInputRange> InputRanges { get; init; } = [];

    /// <summary>One name per output, or empty.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>The classes of a classifier, one label per output, or empty.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>
    /// What the network must do, as the attributes of its type promise, one sentence each. The build proves them. Empty if nothing.
    /// </summary>
    public ImmutableArray<string> Contracts { get; init; } = [];

    /// <summary>Inputs that no output depends on.</summary>
    public ImmutableArray<int> UnreadInputs { get; init; } = [];

    /// <summary>Outputs that depend on no input.</summary>
    public ImmutableArray<int> ConstantOutputs { get; init; } = [];

    /// <summary>The total size of all tables, in bytes.</summary>
    public int TableBytes
    {
        get
        {
            int sum = 0;
            foreach (var layer in Layers) sum += layer.TableBytes;
            return sum;
        }
    }

    /// <summary>The name, the widths and the bound, for logs: <c>digits: 64 -> 32 -> 10, error bound 1.2E-3</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}: {string.Join(" -> ", Widths)}, error bound {ErrorBound:0.0E+0}");

    /// <summary>
    /// Whether a sample lies in the declared ranges, ends included. A NaN lies in no range. Without declared ranges, every sample does.
    /// </summary>
    /// <remarks>Numbers are compared exactly: <c>0.1f</c> is greater than the end 0.1 of a range.</remarks>
    /// <param name="inputs">One number per input.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public bool IsInRange(ReadOnlySpan<float> inputs) => IsInside(inputs);

    /// <summary>Whether a sample of a network in <c>double</c> lies in the declared ranges, as the other overload tells it.</summary>
    /// <param name="inputs">One number per input.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public bool IsInRange(ReadOnlySpan<double> inputs) => IsInside(inputs);

    /// <summary>
    /// Counts the numbers of some samples that lie outside the declared ranges, in the counter <c>kan.inputs.outside_range</c> of the meter
    /// <c>Kan</c>, with the name of the model and of the input as tags. Does nothing unless something listens to the counter. The generated
    /// methods that take <c>Features</c> count by themselves.
    /// </summary>
    /// <param name="inputs">Samples, one number per input and row.</param>
    /// <exception cref="ArgumentException">The span does not hold whole rows.</exception>
    public void CountOutsideRange(ReadOnlySpan<float> inputs) => Count(inputs);

    /// <summary>
    /// Counts the numbers of samples of a network in <c>double</c> that lie outside the declared ranges, as the other overload does.
    /// </summary>
    /// <param name="inputs">Samples, one number per input and row.</param>
    /// <exception cref="ArgumentException">The span does not hold whole rows.</exception>
    public void CountOutsideRange(ReadOnlySpan<double> inputs) => Count(inputs);

    private bool IsInside<T>(ReadOnlySpan<T> inputs)
        where T : unmanaged
    {
        Guard.Length(inputs.Length, Widths[0], nameof(inputs));
        for (int p = 0; p < inputs.Length && !InputRanges.IsEmpty; p++)
        {
            if (!IsInside(p, inputs[p])) return false;
        }

        return true;
    }

    private bool IsInside<T>(int input, T value)
        where T : unmanaged =>
        InputRanges[InputRanges.Length == 1 ? 0 : input].Contains(typeof(T) == typeof(float) ? Unsafe.BitCast<T,
        float>(value) : Unsafe.BitCast<T, double>(value));

    private void Count<T>(ReadOnlySpan<T> inputs)
        where T : unmanaged
    {
        int n = Widths[0];
        if (inputs.Length % n != 0) throw new ArgumentException($"The inputs must be whole rows of {n} numbers; {inputs.Length} is not a "
            + $"multiple of {n}.", nameof(inputs));
        if (!RangeCounter.IsWatched || InputRanges.IsEmpty) return;
        for (int p = 0; p < n; p++)
        {
            long outside = 0;
            for (int i = p; i < inputs.Length; i += n) outside += IsInside(p, inputs[i]) ? 0 : 1;
            if (outside > 0) RangeCounter.Add(outside, Name, InputNames.IsEmpty ? p.ToString(CultureInfo.InvariantCulture) : InputNames[p]);
        }
    }
}

/// <summary>One compiled layer.</summary>
/// <param name="Inputs">The number of inputs.</param>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="Edges">The number of non-zero edges.</param>
/// <param name="Segments">The total number of linear segments of those edges.</param>
/// <param name="Lowering">The form in which the layer is computed.</param>
/// <param name="Reason">Why this lowering was chosen.</param>
/// <param name="TableBytes">The size of the layer's packed tables, in bytes.</param>
public sealed record KanLayerInfo(int Inputs, int Outputs, int Edges, int Segments, LayerLowering Lowering, string Reason, int TableBytes);

/// <summary>The closed interval declared for an input.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct KanInputRange(double Low, double High)
{
    /// <summary>Whether a number lies in the interval, ends included; a NaN does not.</summary>
    public bool Contains(double value) => value >= Low && value <= High;
}
