using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints packed tables: as numbers while they are few enough to be read, as base64 beyond.</summary>
internal static class TableEmitter
{
    /// <summary>Whether a network has a table: one of ReLUs alone has no numbers.</summary>
    public static bool HasTable(NetworkPlan plan) => plan.Run.TableLength > 0;

    /// <summary>What kernels are handed as the first number of the table; they read nothing of a table that is not there.</summary>
    public static string Start(NetworkPlan plan) => HasTable(plan) ? "ref Tables.Start" : $"ref Runtime::Unsafe.NullRef<{KernelNames.Type(plan.Precision)}>()";

    public static void Emit(CodeWriter writer, NetworkPlan plan, CancellationToken cancellation)
    {
        string type = KernelNames.Type(plan.Precision), table = $"{KernelNames.Panels}AlignedTable<{type}>";
        int count = plan.Run.TableLength;
        writer.Line("/// <summary>The numbers of the network, on a 64-byte boundary, packed in the order in which the kernels read them.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        var windows = plan.Layers.Where(static layer => layer.Windows is not null).ToList();
        using (writer.Braces("file static class Tables"))
        {
            string end = windows.Count == 0 ? ";\n" : ",";
            if (windows.Count > 0) table = $"{table} s_numbers = {KernelNames.Panels}WindowTable.Extend({table}";
            else table = $"{table} s_numbers = {table}";
            if (!plan.Run.IsTableReadable)
            {
                string base64 = Base64(plan.Layers, count, plan.Precision, cancellation);
                writer.Line($"private static readonly {table}.Decode(\"{base64}\"u8, {Literal.Integer(count)}){end}");
            }
            else
            {
                writer.Line($"private static readonly {table}.Create(new {type}[]\n{{");
                using (writer.Indented())
                {
                    foreach (var layer in plan.Layers) EmitNumbers(writer, layer);
                }

                writer.Line("})" + end);
            }

            if (windows.Count > 0) WindowEmitter.EmitLayers(writer, windows, count);

            writer.Line("/// <summary>The first number.</summary>");
            using (writer.Braces($"public static ref {type} Start"))
            {
                writer.Line(KernelNames.Inline);
                writer.Line("get => ref s_numbers.Start;");
            }
        }
    }

    private static void EmitNumbers(CodeWriter writer, LayerPlan layer)
    {
        writer.Line($"// Layer {layer.Index}");
        for (int i = 0; i < layer.Table.Length; i += layer.Lanes)
            writer.Line(string.Join(" ", Enumerable.Range(i, layer.Lanes).Select(lane => Literal.Number(layer.Table[lane], layer.Precision) + ",")));
    }

    private static string Base64(ImmutableArray<LayerPlan> layers, int count, Precision precision, CancellationToken cancellation)
    {
        int size = precision == Precision.Single ? 4 : 8, at = 0;
        byte[] bytes = new byte[count * size];
        foreach (var layer in layers)
        {
            foreach (double value in layer.Table)
            {
                if ((at & 0xFFFF) == 0) cancellation.ThrowIfCancellationRequested();
                byte[] number = precision == Precision.Single ? BitConverter.GetBytes((float)value) : BitConverter.GetBytes(value);
                if (!BitConverter.IsLittleEndian) Array.Reverse(number);
                Buffer.BlockCopy(number, 0, bytes, at, size);
                at += size;
            }
        }

        return Convert.ToBase64String(bytes);
    }
}
