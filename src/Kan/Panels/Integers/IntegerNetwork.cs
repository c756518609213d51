using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;

namespace Kan.Panels;

/// <summary>
/// A network that computes with codes of 8 bits and sums of 32: inputs become codes, each hidden layer turns codes into codes, and the last
/// one into numbers. All machines compute the same bits.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class IntegerNetwork
{
    /// <summary>Samples of a batch that go through a layer together.</summary>
    private const int BlockRows = 32;

    /// <summary>Groups of a layer from which on those are listed that are not 0: fewer take less time than their list.</summary>
    private const int LeastListed = 64;

    /// <summary>Numbers of a layer up to which they stay in the second cache.</summary>
    private const int MostRead = 1 << 17;

    private readonly AlignedTable<int> _table;
    private readonly int[] _groups;
    private readonly IntegerLayer[] _layers;
    private readonly int _inputRanges;
    private readonly int _differences;
    private readonly double _floatBound;
    private readonly int _width;

    /// <summary>A network.</summary>
    /// <param name="table">Its numbers, which begin with those of the inputs.</param>
    /// <param name="layers">The layers, first to last.</param>
    /// <param name="inputRanges">1 if the inputs share their codes and their range, else their number.</param>
    /// <param name="differences">
    /// Where the numbers begin that say how far outputs must be apart so that <see cref="Decide"/> may give the larger one: for each
    /// output, a number for each other one, in whole panels; then for each layer such numbers that the lengths of two vectors are
    /// multiplied with, its codes less the codes of 0, and what those are off. Negative if there are none.
    /// </param>
    /// <param name="floatBound">What the outputs that are promised may be off the exact ones.</param>
    /// <exception cref="ArgumentException">The layers do not fit together, or are not in the table.</exception>
    public IntegerNetwork(AlignedTable<int> table, ReadOnlySpan<IntegerLayer> layers, int inputRanges, int differences, double floatBound)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (layers.IsEmpty || (inputRanges != 1 && inputRanges != layers[0].Inputs) || IntegerInputs.Length(inputRanges) > table.Length)
            throw new ArgumentException("A network needs layers, and what the codes of its inputs stand for.", nameof(layers));
        long decided = (long)layers[^1].Outputs * layers[^1].Panels * IntegerLayer.Lanes * ((2 * layers.Length) + 1);
        if (differences >= 0 && differences + decided > table.Length)
            throw new ArgumentException("The differences of outputs lie beyond the table.", nameof(differences));
        int width = 0;
        for (int l = 0; l < layers.Length; l++)
        {
            var layer = layers[l];
            if (layer.Inputs < 1 || layer.Outputs < 1 || layer.Zero is < 0 or > CodeRounding.Highest
                || layer.Lowest is < 0 or > CodeRounding.Highest || layer.Start < 0
                || (l > 0 && layer.Inputs != layers[l - 1].Outputs)
                || ((layer.Groups + 2L) * layer.Panels * IntegerLayer.Lanes) + layer.Start > table.Length)
                throw new ArgumentException($"Layer {l} does not fit to what is before it, or lies beyond the table.", nameof(layers));
            width = Math.Max(width, Math.Max(layer.Groups * 4, layer.Panels * IntegerLayer.Lanes));
        }

        if (Dp.IsSupported)
        {
            int[] centred = table.Span.ToArray();
            foreach (var layer in layers) layer.AddCentres(centred);
            table = AlignedTable<int>.Create(centred);
        }

        _table = table;
        _layers = layers.ToArray();
        _inputRanges = inputRanges;
        _differences = differences;
        _floatBound = floatBound;
        _width = (width + 63) & ~63;
        _groups = new int[_width / 4];
        for (int g = 0; g < _groups.Length; g++) _groups[g] = g;
    }

    private IntegerInputs Inputs => new(ref _table.Start, _inputRanges);

    private int InputCount => _layers[0].Inputs;

    private int OutputCount => _layers[^1].Outputs;

    /// <summary>
    /// Computes one sample. Inputs beyond the numbers of the codes count as the nearest of those; if an input is NaN, all outputs are.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">Receives the outputs; may overlap the inputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        var codes = Scratch<byte>.Get(2 * _width);
        bool isKnown = Enter(inputs, codes) || !HasNaN(inputs);
        RunLayers(codes, 1, outputs, [], []);
        if (!isKnown) outputs.Fill(float.NaN);
    }

    /// <summary>Computes samples, with the same bits as one at a time.</summary>
    /// <param name="inputs">The samples, one after the other.</param>
    /// <param name="outputs">Receives the outputs of each.</param>
    /// <param name="rows">The number of samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void EvaluateBatch(ReadOnlySpan<float> inputs, Span<float> outputs, int rows)
    {
        int n = InputCount, m = OutputCount;
        var codes = Scratch<byte>.Get(2 * BlockRows * _width);
        for (int row = 0; row < rows; row += BlockRows)
        {
            int count = Math.Min(BlockRows, rows - row);
            uint unknown = 0;
            for (int i = 0; i < count; i++)
            {
                var sample = inputs.Slice((row + i) * n, n);
                if (!Enter(sample, codes[(i * _width)..]) && HasNaN(sample)) unknown |= 1u << i;
            }

            var results = outputs.Slice(row * m, count * m);
            RunLayers(codes, count, results, [], []);
            for (int i = 0; unknown != 0; i++, unknown >>= 1)
                if ((unknown & 1) != 0) results.Slice(i * m, m).Fill(float.NaN);
        }
    }

    /// <summary>
    /// The index of the largest output that the network would have in floating-point numbers, or, for a network of one output, 1 where that
    /// is above 0 and else 0; negative if integers cannot tell: outputs are too close to each other, or an input is outside its range.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    public int Decide(ReadOnlySpan<float> inputs)
    {
        int decided = Compare(inputs, [], [], out uint open);
        return open == 0 ? decided : -1;
    }

    /// <summary>
    /// The index of the largest output, or the sign of a single one, and which others it may not be; negative if an input is outside its
    /// range.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="sums">Receives the sums of the first layer, in whole panels, unless it is empty.</param>
    /// <param name="lengths">
    /// Receives the length of the inputs' codes less those of 0, and of what the inputs are off the numbers of their codes, unless it is
    /// empty.
    /// </param>
    /// <param name="open">
    /// Receives a bit for each output that floating-point numbers might make the largest one, or 1 if their sign might be another one.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Compare(ReadOnlySpan<float> inputs, Span<int> sums, Span<double> lengths, out uint open)
    {
        const int MostTerms = 64;
        open = uint.MaxValue;
        int count = (2 * _layers.Length) + 1;
        if (_differences < 0 || count > MostTerms) return -1;
        var codes = Scratch<byte>.Get(2 * _width);
        if (!Enter(inputs, codes)) return -1;
        Span<double> squares = stackalloc double[MostTerms];
        Span<float> outputs = stackalloc float[IntegerDecision.MostOutputs];
        outputs = outputs[..OutputCount];
        squares = squares[..count];
        squares[0] = 1;
        squares[2] = CodeRounding.Residual(inputs, Inputs, codes);
        RunLayers(codes, 1, outputs, squares, sums);
        foreach (ref double square in squares) square = Math.Sqrt(square);
        squares.Slice(1, lengths.Length).CopyTo(lengths);
        return IntegerDecision.Of(outputs, squares, ref Unsafe.As<int, float>(ref Unsafe.Add(ref _table.Start, _differences)), _floatBound,
            out open);
    }

    /// <summary>The codes of a row's inputs, and zeros up to a whole group of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Enter(ReadOnlySpan<float> inputs, Span<byte> codes)
    {
        bool inside = CodeRounding.Quantize(inputs, Inputs, codes);
        codes[inputs.Length..(_layers[0].Groups * 4)].Clear();
        return inside;
    }

    /// <summary>Computes all layers.</summary>
    /// <param name="codes">The codes of the rows' inputs, then as much memory again.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="outputs">Receives their outputs.</param>
    /// <param name="squares">
    /// For one row, at 2l + 1 the sum of (code - zero)^2 before layer l and at 2l + 2 the sum of the squares of what these codes are off,
    /// but for the inputs, which are known before; empty if nothing is measured.
    /// </param>
    /// <param name="sums">Receives the sums of the first layer, unless it is empty.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunLayers(Span<byte> codes, int rows, Span<float> outputs, Span<double> squares, Span<int> sums)
    {
        int length = (rows == 1 ? 1 : BlockRows) * _width;
        Span<byte> from = codes[..length], to = codes.Slice(length, length);
        for (int l = 0; l < _layers.Length; l++)
        {
            bool measures = !squares.IsEmpty;
            if (measures)
                squares[(2 * l) + 1] = CodeRounding.Squares(from[.._layers[l].Inputs], l == 0 ? Inputs.AllZeros : [_layers[l - 1].Zero]);
            double residual = RunLayer(l, from, rows, to, outputs, measures, l == 0 ? sums : []);
            if (measures && l + 1 < _layers.Length) squares[(2 * l) + 4] = residual;
            var last = from;
            from = to;
            to = last;
        }
    }

    /// <summary>Computes a layer.</summary>
    /// <returns>If asked for, the sum of the squares of what its codes are off its sums, in steps of codes.</returns>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double RunLayer(int l, ReadOnlySpan<byte> codes, int rows, Span<byte> next, Span<float> outputs, bool measures,
        Span<int> kept)
    {
        var layer = _layers[l];
        bool isLast = l == _layers.Length - 1;
        double residual = 0;
        Span<int> sums = stackalloc int[IntegerSums.Rows * IntegerSums.Stride];
        ref int table = ref _table.Start;
        int taken = IntegerSums.TakesRows && rows >= IntegerSums.Rows ? IntegerSums.Rows : 1, pitch = CodeGroups.Length(layer.Groups);
        ReadOnlySpan<int> groups = _groups.AsSpan(0, layer.Groups);

        // Dot products of Arm64 multiply codes less 128, so that those of 0 count as well.
        bool isListed = layer.Groups >= LeastListed && !Dp.IsSupported;
        var lists = isListed ? Scratch<int>.Get(rows * pitch) : [];
        Span<int> counts = stackalloc int[BlockRows];
        if (isListed)
        {
            // Rows that have few groups have others: weights that are near are read again rather than multiplied with zeros.
            if (taken > 1 && layer.Length <= MostRead && List(codes, taken, layer.Groups, lists) < layer.Groups * 3 / 4) taken = 1;
            for (int row = 0; row < rows; row += rows - row >= taken ? taken : 1)
                counts[row] = List(codes[(row * _width)..], rows - row >= taken ? taken : 1, layer.Groups, lists[(row * pitch)..]);
        }

        for (int panel = 0; panel < layer.Panels; panel += IntegerLayer.BlockPanels)
        {
            int panels = Math.Min(IntegerLayer.BlockPanels, layer.Panels - panel), lanes = panels * IntegerLayer.Lanes,
                first = panel * IntegerLayer.Lanes;
            ref int weights = ref Unsafe.Add(ref table, layer.Start + (layer.Groups * first)),
                biases = ref Unsafe.Add(ref table, layer.Biases + first);
            var multipliers = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<int,
                float>(ref Unsafe.Add(ref table, layer.Multipliers + first)), lanes);
            for (int row = 0; row < rows;)
            {
                int count = rows - row >= taken ? taken : 1;
                if (isListed) groups = lists.Slice(row * pitch, counts[row]);
                new IntegerSums(in codes[row * _width], _width, groups, in weights, panels)
                    .Compute(count, ref biases, layer.FitsPairs, ref sums[0]);
                for (int i = 0; i < count; i++, row++)
                {
                    var found = sums.Slice(i * IntegerSums.Stride, lanes);
                    if (!kept.IsEmpty) found.CopyTo(kept[first..]);
                    if (isLast)
                        CodeRounding.Scale(found, multipliers,
                            outputs.Slice((row * layer.Outputs) + first, Math.Min(lanes, layer.Outputs - first)));
                    else CodeRounding.Requantize(found, multipliers, layer.Zero, layer.Lowest, next[((row * _width) + first)..]);
                    if (measures && !isLast)
                        residual += CodeRounding.Residual(found, multipliers, layer.Zero, next[((row * _width) + first)..]);
                }
            }
        }

        return residual;
    }

    private int List(ReadOnlySpan<byte> codes, int rows, int groups, Span<int> list) =>
        CodeGroups.List(in codes[0], _width, rows, groups, ref list[0]);

    private static bool HasNaN(ReadOnlySpan<float> inputs)
    {
        foreach (float x in inputs)
            if (float.IsNaN(x)) return true;
        return false;
    }
}
