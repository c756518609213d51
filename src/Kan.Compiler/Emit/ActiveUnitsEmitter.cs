using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the decision of a network in integers that looks at the ReLUs which a sample makes active, where lengths of vectors alone leave
/// it open which output is the largest.
/// </summary>
/// <remarks>
/// For a ReLU, relu(z + e) - relu(z) = s e, where s is 1 if z is above what |e| is at most, 0 if it is that far below 0, and from 0 to 1
/// else. The last ones count as s = 1/2, and half of |e| is added to what the difference of two outputs may be off.
/// </remarks>
internal static class ActiveUnitsEmitter
{
    private const string Reference = "ref Interop::MemoryMarshal.GetReference";

    /// <summary>The class that is printed.</summary>
    public const string Name = "ActiveUnits";

    /// <summary>Prints the class.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="integers">The network.</param>
    /// <param name="units">What is followed.</param>
    public static void Emit(CodeWriter writer, IntegerPlan integers, ActiveUnitsPlan units)
    {
        writer.Line();
        writer.Prose("/// ", "<summary>Decides what the lengths of vectors leave open, for one sample: the layers behind the first run "
            + "once more, in floats and with weights of 16 bits, and the error of the first layer's sums is followed through the ReLUs "
            + "that let it pass. A ReLU whose sum is too near 0 to tell counts as half of one, and half of its error is added to the "
            + "bound.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using var type = writer.Braces($"file static class {Name}");
        writer.Line("""
            /// <summary>More than 1 by more than what is off in sums and roots of numbers of one sign.</summary>
            private const float Slack = 1.002f;

            /// <summary>What the number of a sum is off, relative to it: a conversion to float and a product.</summary>
            private const float Rounding = 2e-7f;

            """);
        EmitDecide(writer, integers, units);
        writer.Line(ActiveUnitsKernels.Text);
    }

    private static void EmitDecide(CodeWriter writer, IntegerPlan integers, ActiveUnitsPlan units)
    {
        var layers = units.Layers;
        int last = layers.Length - 1, outputs = integers.Form.OutputCount, memory = layers.Sum(static layer => 5 * layer.Width);
        writer.Line($"""
            /// <summary>The decision; negative if there is none.</summary>
            {KernelNames.Optimize}
            """);
        using var method = writer.Kernel("public static int Decide(global::System.ReadOnlySpan<float> inputs)");
        writer.Line($"""
            global::System.Span<int> sums = stackalloc int[{Literal.Integer(layers[0].Width)}];
            global::System.Span<double> lengths = stackalloc double[2];
            int largest = Integers.Network.Compare(inputs, sums, lengths, out uint open);
            if (open == 0 || largest < 0) return largest;
            float codes = (float)lengths[0] * Slack, residual = (float)lengths[1] * Slack;
            ref int table = ref Integers.Table.Start;
            ref float numbers = ref Runtime::Unsafe.As<int, float>(ref At(ref table, {Literal.Integer(integers.ActiveStart)}));
            ref float memory = {Reference}({KernelNames.Panels}Scratch<float>.Get({Literal.Integer(memory)}));
            """);
        int place = 0;
        for (int l = 0; l <= last; l++)
        {
            EmitLayer(writer, integers, units, l, place);
            place += 5 * layers[l].Width;
        }

        writer.Line();
        if (outputs == 1)
        {
            EmitTest(writer, integers, units, "0", null);
            writer.Line($"return At(ref z{Literal.Integer(last)}, 0) > 0 ? 1 : 0;");
            return;
        }

        using (writer.Braces($"for (int j = 0; j < {Literal.Integer(outputs)}; j++)"))
        {
            writer.Line("if ((open & (1u << j)) == 0) continue;");
            EmitTest(writer, integers, units, "largest", "j");
        }

        writer.Line("\nreturn largest;");
    }

    /// <summary>Prints what computes a layer, and what its sums are off.</summary>
    private static void EmitLayer(CodeWriter writer, IntegerPlan integers, ActiveUnitsPlan units, int l, int place)
    {
        var layer = units.Layers[l];
        string i = Literal.Integer(l), before = Literal.Integer(l - 1), width = Literal.Integer(layer.Width);
        writer.Line();
        writer.Line(l == 0
            ? "// The sums of the first layer, and what they are off."
            : $"// Layer {i} of what ReLU makes of the numbers before it.");
        writer.Line($"ref float z{i} = ref At(ref memory, {Literal.Integer(place)});");
        string own = l == 0
            ? Number(layer.Own)
            : $"({Number(layer.Deviation)} * passed{before}) + {Number(layer.Own)}";
        if (l == 0) writer.Line($"Enter({Reference}(sums), ref numbers, ref z0, {width});");
        else
        {
            writer.Line($"GoOn(ref z{before}, count{before}, {Weights(integers, units, l)}, "
                + $"ref {At("numbers", layer.Start + layer.WeightCount)}, ref z{i}, {Literal.Integer(layer.Groups)}, "
                + $"{Literal.Integer(units.Layers[l - 1].Width)}, {width});");
        }

        if (l == units.Layers.Length - 1)
        {
            writer.Line($"float own{i} = {own};");
            return;
        }

        string lengths = "ref " + At("numbers", layer.Start + layer.WeightCount + (2 * layer.Width));
        writer.Line(l == 0
            ? $"float own0 = {own}, passed0 = Divide(ref z0, {lengths}, codes, ref {At("numbers", layer.Width)}, residual, own0, {width}),"
            : $"float own{i} = {own}, passed{i} = Divide(ref z{i}, {lengths}, error{before}, {lengths}, 0, own{i}, {width}),");
        writer.Line(l == 0
            ? $"    error0 = own0 + (codes * {Number(layer.Deviation)}) + (residual * {Number(layer.Norm)}) + (passed0 * Rounding);"
            : $"    error{i} = own{i} + (error{before} * {Number(layer.Norm)});");
        writer.Line($"int count{i} = List(ref z{i}, {width});");
    }

    /// <summary>Prints what goes on if an output is surely above another one, or surely that far from 0, and else gives up.</summary>
    private static void EmitTest(CodeWriter writer, IntegerPlan integers, ActiveUnitsPlan units, string k, string? j)
    {
        int last = units.Layers.Length - 1;
        var layer = units.Layers[last];
        string z = "z" + Literal.Integer(last), places = Literal.Integer(3 * layer.Width);
        writer.Line(j is null
            ? $"double margin = global::System.Math.Abs((double)At(ref {z}, {k})), off = {Double(integers.FloatBound)}, length = 1;"
            : $"double margin = (double)At(ref {z}, {k}) - At(ref {z}, {j}), off = {Double(2 * integers.FloatBound)}, length = 1.5;");
        writer.Line("if (!(margin > off)) return -1;");
        writer.Line($"Interop::MemoryMarshal.CreateSpan(ref {At(z, 3 * layer.Width)}, {Literal.Integer(layer.Width)}).Clear();");
        writer.Line(j is null
            ? $"{At(z, 3 * layer.Width)} = 1;"
            : $"At(ref {z}, {places} + {k}) = 1;\nAt(ref {z}, {places} + {j}) = -1;");
        for (int l = last; l > 0; l--)
        {
            layer = units.Layers[l];
            var next = units.Layers[l - 1];
            string i = Literal.Integer(l), before = Literal.Integer(l - 1);
            writer.Line();
            writer.Line($"// What the nodes before layer {i} are off counts times these factors.");
            writer.Line($"off += length * (own{i} + ({Number(layer.BackDeviation)} * error{before}));");
            writer.Line($"GoBack(ref z{i}, ref {At("table", integers.Starts[l])}, ref {At("numbers", layer.Start + layer.WeightCount)}, "
                + $"ref z{before}, count{before}, {Literal.Integer(layer.Groups)}, {Literal.Integer(layer.Width)}, "
                + $"{Literal.Integer(next.Width)});");
            writer.Line($"length = Pass(ref z{before}, {Literal.Integer(next.Width)}, ref off);");
            string decided = j is null ? $"return At(ref {z}, 0) > 0 ? 1 : 0" : "continue";
            writer.Line(l > 1
                ? $"if (margin > (off + (length * error{before})) * Slack) {decided};"
                : "if (!(margin > (off + (length * error0)) * Slack)) return -1;");
        }
    }

    private static string Weights(IntegerPlan integers, ActiveUnitsPlan units, int l) =>
        $"ref {At("table", integers.Starts[l])}, ref {At("table", integers.ActiveStart + units.Layers[l].Start)}";

    private static string At(string start, int offset) => KernelNames.At(start, offset);

    private static string Number(float value) => Literal.Number(value, Precision.Single);

    private static string Double(double value) => Literal.Number(value, Precision.Double);
}
