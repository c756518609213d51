using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Kan.Networks;

/// <summary>Writes one layer of a document.</summary>
internal static class LayerWriter
{
    /// <summary>Segments of a function past which nodes that share it have its number.</summary>
    private const int LongFunction = 8;

    public static void Write(StringBuilder output, LayerDescription layer)
    {
        if (layer is WindowDescription over) WindowWriter.Require(over);
        RequireWidth(layer.InputCount);
        RequireWidth(layer.OutputCount);
        output.Append("\n    {\n      \"kind\": ");
        switch (layer)
        {
            case AffineDescription affine:
                output.Append("\"affine\"");
                WriteSizes(output, affine);
                WriteCounted(output, "weights", affine.Weights, (long)affine.Inputs * affine.Outputs);
                WriteBias(output, affine.Biases, affine.Outputs);
                break;
            case ActivationDescription activation:
                output.Append("\"activation\"");
                WriteField(output, "size").Append(activation.Size);
                WriteFunctions(output, activation);
                break;
            case GridDescription grid:
                output.Append("\"kan\"");
                WriteSizes(output, grid);
                WriteGrid(output, grid);
                WriteBias(output, grid.Biases, grid.Outputs);
                break;
            case EdgesDescription edges:
                output.Append("\"kan\"");
                WriteSizes(output, edges);
                WriteEdges(output, edges);
                WriteBias(output, edges.Biases, edges.Outputs);
                break;
            case WindowDescription window:
                WindowWriter.Write(output, window);
                break;
            default:
                throw new ArgumentException($"The format has no layer {layer.GetType().Name}.", nameof(layer));
        }

        output.Append("\n    }");
    }

    private static void WriteFunctions(StringBuilder output, ActivationDescription activation)
    {
        if (activation.Functions.Length == 1)
        {
            WriteFunction(WriteField(output, "function"), activation.Functions[0]);
            return;
        }

        RequireCount(activation.Functions.Length, activation.Size, "functions");
        ImmutableArray<PiecewiseLinearFunction> functions = activation.Functions;
        int[]? numbers = null;
        if (functions.Any(static function => function.Slopes.Length > LongFunction))
        {
            var distinct = new List<PiecewiseLinearFunction>();
            var places = new Dictionary<PiecewiseLinearFunction, int>();
            numbers = new int[functions.Length];
            for (int i = 0; i < numbers.Length; i++)
            {
                if (i > 0 && ReferenceEquals(functions[i], functions[i - 1]))
                {
                    numbers[i] = numbers[i - 1];
                    continue;
                }

                if (!places.TryGetValue(functions[i], out numbers[i]))
                {
                    places.Add(functions[i], numbers[i] = distinct.Count);
                    distinct.Add(functions[i]);
                }
            }

            if (distinct.Count == functions.Length) numbers = null;
            else functions = [.. distinct];
        }

        WriteField(output, "functions").Append('[');
        for (int i = 0; i < functions.Length; i++)
        {
            output.Append(i > 0 ? ",\n        " : "\n        ");
            WriteFunction(output, functions[i]);
        }

        output.Append("\n      ]");
        if (numbers is null) return;
        int period = Period(numbers);
        WriteField(output, "nodes").Append('[').Append(string.Join(", ", numbers.Take(period).Select(
            static number => number.ToString(CultureInfo.InvariantCulture)))).Append(']');
    }

    /// <summary>The length of the shortest beginning of a list of which the whole is made again and again.</summary>
    private static int Period(int[] numbers)
    {
        for (int period = 1; period < numbers.Length; period++)
        {
            if (numbers.Length % period != 0) continue;
            int i = period;
            while (i < numbers.Length && numbers[i] == numbers[i - period]) i++;
            if (i == numbers.Length) return period;
        }

        return numbers.Length;
    }

    private static void WriteGrid(StringBuilder output, GridDescription grid)
    {
        long knotCount = 0;
        foreach (var knots in grid.Knots)
        {
            knotCount += knots.Length;
            if (knots.Length < 2) throw new ArgumentException("A KAN layer needs at least two knots for each input.", nameof(grid));
            for (int i = 1; i < knots.Length; i++)
            {
                if (knots[i - 1] >= knots[i]) throw new ArgumentException("The knots of an input must increase.", nameof(grid));
            }
        }

        if (grid.Knots.Length > 1 && grid.Knots.Skip(1).All(knots => knots == grid.Knots[0] || knots.SequenceEqual(grid.Knots[0])))
        {
            NumberArray.Write(WriteField(output, "sharedKnots"), grid.Knots[0]);
        }
        else
        {
            WriteField(output, "knots").Append('[');
            for (int i = 0; i < grid.Knots.Length; i++)
            {
                output.Append(i > 0 ? ",\n        " : "\n        ");
                NumberArray.Write(output, grid.Knots[i]);
            }

            output.Append("\n      ]");
        }

        WriteCounted(output, "values", grid.Values, knotCount * grid.Outputs);
    }

    private static void WriteEdges(StringBuilder output, EdgesDescription layer)
    {
        // The constructor of a layer knows which edges are allowed.
        _ = layer.ToLayer();
        WriteField(output, "edges").Append('[');
        for (int i = 0; i < layer.Edges.Length; i++)
        {
            var edge = layer.Edges[i];
            output.Append(i > 0 ? ",\n        " : "\n        ").Append("{ \"input\": ").Append(edge.Input).Append(", \"output\": ")
                .Append(edge.Output).Append(", ");
            WriteParts(output, edge.Function);
            output.Append(" }");
        }

        output.Append(layer.Edges.IsEmpty ? "]" : "\n      ]");
    }

    private static void WriteFunction(StringBuilder output, PiecewiseLinearFunction function)
    {
        if (function.Equals(PiecewiseLinearFunction.Relu))
        {
            JsonText.WriteString(output, FunctionReader.Relu);
            return;
        }

        output.Append("{ ");
        WriteParts(output, function);
        output.Append(" }");
    }

    private static void WriteParts(StringBuilder output, PiecewiseLinearFunction function)
    {
        if (!function.Breakpoints.IsEmpty)
        {
            NumberArray.Write(output.Append("\"breakpoints\": "), function.Breakpoints);
            output.Append(", ");
        }

        NumberArray.Write(output.Append("\"slopes\": "), function.Slopes);
        NumberArray.Write(output.Append(", \"anchor\": "), [function.AnchorPoint, function.AnchorValue]);
    }

    private static void WriteSizes(StringBuilder output, LayerDescription layer)
    {
        WriteField(output, "inputs").Append(layer.InputCount);
        WriteField(output, "outputs").Append(layer.OutputCount);
    }

    private static void WriteBias(StringBuilder output, ImmutableArray<Rational> biases, int outputs)
    {
        if (!biases.IsEmpty) WriteCounted(output, "bias", biases, outputs);
    }

    private static void WriteCounted(StringBuilder output, string name, ImmutableArray<Rational> values, long count)
    {
        RequireCount(values.Length, count, name);
        NumberArray.Write(WriteField(output, name), values);
    }

    internal static StringBuilder WriteField(StringBuilder output, string name) => output.Append(",\n      \"").Append(name).Append("\": ");

    private static void RequireCount(long found, long expected, string what)
    {
        if (found != expected) throw new ArgumentException($"Found {found} {what} where {expected} were expected.");
    }

    private static void RequireWidth(int width)
    {
        if (width is < 1 or > LayerDescription.MaximumWidth)
            throw new ArgumentException($"A layer has {width} inputs or outputs; expected 1 to {LayerDescription.MaximumWidth}.");
    }
}
