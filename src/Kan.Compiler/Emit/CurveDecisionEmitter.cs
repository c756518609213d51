using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the decision of a network of curves in integers: what the first layer's sums may be off for this sample, as the length of a
/// vector, and the later layers in floats from those sums.
/// </summary>
/// <remarks>
/// A sum that is off by d moves the difference of two outputs by no more than |d| times the steepest slope of the difference of their
/// functions between both; over all nodes that is no more than the length of the vector d times that of the vector of such slopes.
/// </remarks>
internal static class CurveDecisionEmitter
{
    private const string Reference = "ref Interop::MemoryMarshal.GetReference";

    /// <summary>The class that is printed.</summary>
    public const string Name = "CurveDecision";

    /// <summary>Prints the class.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="integers">The network.</param>
    /// <param name="decision">What it is decided with.</param>
    public static void Emit(CodeWriter writer, IntegerPlan integers, CurveDecisionPlan decision)
    {
        writer.Line();
        writer.Prose("/// ", "<summary>Decides a sample by the integer sums of the first layer and later layers in floats, where outputs "
            + "are further apart than what those sums are off for this sample can change.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using var type = writer.Braces($"file static class {Name}");
        writer.Line("""
            /// <summary>More than 1 by more than what is off in sums and roots of numbers of one sign.</summary>
            private const float Slack = 1.002f;

            """);
        EmitDecide(writer, integers, decision);
        writer.Line();
        EmitIsAhead(writer, integers, decision);
        writer.Line(CurveDecisionKernels.Within(integers.InputRanges));
        writer.Line(integers.InputRanges == 1 ? CurveDecisionKernels.EncodeShared : CurveDecisionKernels.Encode);
        if (decision.HasSquares) writer.Line(CurveDecisionKernels.Squares);
        writer.Line(CurveDecisionKernels.Text);
    }

    private static void EmitDecide(CodeWriter writer, IntegerPlan integers, CurveDecisionPlan decision)
    {
        var layers = decision.Layers;
        int last = layers.Length - 1, n = integers.Form.InputCount, m = integers.Form.OutputCount;
        string count = Literal.Integer(n), codes = Literal.Integer((n + 63) & ~63);
        writer.Line($"""
            /// <summary>The decision; negative if there is none.</summary>
            {KernelNames.Optimize}
            """);
        using var method = writer.Kernel("public static int Decide(global::System.ReadOnlySpan<float> inputs)");
        writer.Line($"""
            ref int table = ref Integers.Table;
            if (!AreWithin({Reference}(inputs), ref table, {count})) return -1;
            global::System.Span<byte> codes = {KernelNames.Panels}Scratch<byte>.Get({codes}).Slice(0, {codes});
            global::System.Span<int> sums = stackalloc int[{Literal.Integer(layers[0].Width)}];
            ref float numbers = ref Runtime::Unsafe.As<int, float>(ref At(ref table, {Literal.Integer(integers.CurveDecisionStart)}));
            ref float z0 = {Reference}({KernelNames.Panels}Scratch<float>.Get({Literal.Integer(layers.Sum(Memory))}));
            float residual = Encode({Reference}(inputs), {Reference}(codes), ref table, {count}, out int others) * Slack;
            Integers.Sums({Reference}(codes), sums);

            // The numbers behind each layer, and the lengths of those vectors.
            float length0 = Enter({Reference}(sums), ref numbers, ref z0, {Literal.Integer(layers[0].Width)});
            if (!(length0 < 1e15f)) return -1;
            """);
        int place = 0;
        for (int l = 1; l <= last; l++)
        {
            string i = Literal.Integer(l), before = Literal.Integer(l - 1);
            place += Memory(layers[l - 1]);
            writer.Line($"ref float z{i} = ref {At("z0", place)};");
            writer.Line($"{(l == last ? "" : $"float length{i} = ")}GoOn(ref z{before}, ref {At("numbers", layers[l].Start)}, ref z{i}, "
                + $"{Literal.Integer(layers[l].Inputs)}, {Literal.Integer(layers[l - 1].Width)}, {Literal.Integer(layers[l].Bends)}, "
                + $"{Literal.Integer(layers[l].Width)});");
            if (l < last) writer.Line($"if (!(length{i} < 1e15f)) return -1;");
        }

        string z = "z" + Literal.Integer(last);
        writer.Line($"""

            int largest = 0;
            for (int j = 1; j < {Literal.Integer(System.Math.Max(m, 2))}; j++)
                if (At(ref {z}, j) > At(ref {z}, largest)) largest = j;
            float best = At(ref {z}, largest);
            At(ref {z}, largest) = -1e30f;
            float fixedError = {Number(decision.Own)} + ({Number(layers[0].Rounding)} * length0)
                + ({Number(decision.Steepness)} * residual);
            float codeError = global::System.MathF.Sqrt({Number(decision.Most)} * others) * Slack;
            """);
        string squares = At("numbers", 2 * layers[0].Width), decided = m == 1 ? "1 - largest" : "largest";
        if (decision.HasSquares)
        {
            writer.Line($"""
                if ({IsAhead("codeError", "false")}) return {decided};

                // Each code counts for what it is.
                codeError = global::System.MathF.Sqrt(Squares({Reference}(codes), ref {squares}, {count})) * Slack;
                """);
        }

        writer.Line($"return {IsAhead("codeError", "true")} ? {decided} : -1;");

        string IsAhead(string error, string isFine) => $"IsAhead(ref numbers, ref z0, (fixedError + {error}) * Slack, largest, best, "
            + $"{isFine}, " + string.Join(", ", Enumerable.Range(0, last).Select(static l => $"length{Literal.Integer(l)}")) + ")";
    }

    private static void EmitIsAhead(CodeWriter writer, IntegerPlan integers, CurveDecisionPlan decision)
    {
        var layers = decision.Layers;
        int last = layers.Length - 1;
        var end = layers[last];
        string lengths = string.Join(", ", Enumerable.Range(0, last).Select(static l => $"float length{Literal.Integer(l)}"));
        writer.Line("/// <summary>Whether the largest output stays ahead of all others if the first layer's sums are off by an "
            + "error.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel("private static bool IsAhead(ref float numbers, ref float z0, float error, int largest, "
            + $"float best, bool isFine, {lengths})");
        int place = 0;
        for (int l = 1; l < last; l++)
        {
            place += Memory(layers[l - 1]);
            writer.Line($"error = (({Number(layers[l].Norm)} * error) + ({Number(layers[l].Rounding)} * "
                + $"length{Literal.Integer(l - 1)}) + {Number(layers[l].Own)}) * Slack;");
        }

        string off = Number(IntegerPlan.Outward((integers.Form.OutputCount == 1 ? 1 : 2) * integers.FloatBound));
        writer.Line($"float off = ({off} + (2 * (({Number(end.Rounding)} * (length{Literal.Integer(last - 1)} + error)) + "
            + $"{Number(end.Own)}))) * Slack;");
        int rows = end.Start + (end.Bends * layers[last - 1].Width),
            differences = rows + ((end.Inputs * (end.Bends + 1) * 2) + 1) * end.Width;
        string z = At("z0", place + Memory(layers[last - 1])), width = Literal.Integer(end.Width);
        writer.Line($"error *= Slack;\nreturn AreFarBelow(ref {z}, ref {At("numbers", differences)}, {width}, error, off, best, largest)\n"
            + $"    || (isFine && Compare(ref {At("z0", place)}, ref {At("numbers", end.Start)}, ref {z}, {Literal.Integer(end.Inputs)}, "
            + $"{Literal.Integer(layers[last - 1].Width)}, {Literal.Integer(end.Bends)}, {width}, error, off, best, largest));");
    }

    /// <summary>
    /// Numbers that a layer's nodes have in memory: sums, the first segments of what they may be, and the last ones.
    /// </summary>
    private static int Memory(DecidedLayer layer) => 3 * layer.Width;

    private static string At(string start, int offset) => KernelNames.At(start, offset);

    private static string Number(float value) => Literal.Number(value, Precision.Single);
}
