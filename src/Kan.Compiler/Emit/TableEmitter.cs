using System;
using System.Collections.Immutable;
using System.Text;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints packed tables: as numbers while they are few enough to be read, as base64 beyond.</summary>
internal static class TableEmitter
{
    /// <summary>
    /// Literals cost the C# compiler some 17 us each, base64 a fifth of that; past this many numbers nobody reads them either.
    /// </summary>
    private const int MostLiterals = 512;

    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        string type = KernelNames.Type(plan.Precision);
        writer.Line("/// <summary>The numbers of the network, on 64-byte boundaries, packed in the order in which the kernels read them.</summary>");
        writer.Line(KernelNames.GeneratedCode);
        using (writer.Braces("file static class Tables"))
        {
            foreach (var layer in plan.Layers)
            {
                if (!layer.Table.IsEmpty)
                {
                    string table = $"{KernelNames.Panels}AlignedTable<{type}>";
                    writer.Line($"public static readonly {table} Layer{layer.Index} = {table}.{Content(layer)};");
                }

                if (!layer.Layout.Starts.IsEmpty)
                    writer.Line($"public static readonly int[] Starts{layer.Index} = new int[] {{ {string.Join(", ", layer.Layout.Starts)} }};");
            }
        }
    }

    private static string Content(LayerPlan layer)
    {
        string type = KernelNames.Type(layer.Precision);
        if (layer.Table.Length > MostLiterals) return $"Decode(\"{Base64(layer.Table, layer.Precision)}\"u8, {Literal.Integer(layer.Table.Length)})";
        var text = new StringBuilder($"Create(new {type}[]\n{{\n");
        for (int i = 0; i < layer.Table.Length; i += layer.Lanes)
        {
            text.Append("   ");
            for (int lane = i; lane < i + layer.Lanes; lane++) text.Append(' ').Append(Literal.Number(layer.Table[lane], layer.Precision)).Append(',');
            text.Append('\n');
        }

        return text.Append("})").ToString();
    }

    private static string Base64(ImmutableArray<double> numbers, Precision precision)
    {
        int size = precision == Precision.Single ? 4 : 8;
        byte[] bytes = new byte[numbers.Length * size];
        for (int i = 0; i < numbers.Length; i++)
        {
            byte[] number = precision == Precision.Single ? BitConverter.GetBytes((float)numbers[i]) : BitConverter.GetBytes(numbers[i]);
            if (!BitConverter.IsLittleEndian) Array.Reverse(number);
            Buffer.BlockCopy(number, 0, bytes, i * size, size);
        }

        return Convert.ToBase64String(bytes);
    }
}
