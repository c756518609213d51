using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace Kan.Generators.Tests.Engines;

/// <summary>A compiled network with inputs, and what it has to make of them. Floats stand here as the doubles that they are.</summary>
/// <param name="Set">What it is compared for.</param>
/// <param name="Document">The place of its document in the set.</param>
/// <param name="Network">The name of the network.</param>
/// <param name="Type">The class it was compiled to.</param>
/// <param name="Precision">The number type.</param>
/// <param name="Lowering">How it was compiled.</param>
/// <param name="InputCount">Numbers in a row of inputs.</param>
/// <param name="OutputCount">Numbers in a row of outputs.</param>
/// <param name="Inputs">Rows of inputs.</param>
/// <param name="Expected">The outputs of the first rows.</param>
/// <param name="Bounds">The bounds of these outputs, or nothing where the class has none.</param>
internal sealed record AgreementCase(
    AgreementSet Set, int Document, string Network, string Type, Precision Precision, Lowering Lowering,
    int InputCount, int OutputCount, double[] Inputs, double[] Expected, double[] Bounds)
{
    /// <summary>Reads what <see cref="Write(string, IReadOnlyCollection{AgreementCase})"/> has written.</summary>
    public static IReadOnlyList<AgreementCase> Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        var cases = new AgreementCase[reader.ReadInt32()];
        for (int i = 0; i < cases.Length; i++)
        {
            cases[i] = new AgreementCase(
                (AgreementSet)reader.ReadInt32(), reader.ReadInt32(), reader.ReadString(), reader.ReadString(),
                (Precision)reader.ReadInt32(), (Lowering)reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), ReadNumbers(reader),
                ReadNumbers(reader), ReadNumbers(reader));
        }

        return cases;
    }

    /// <summary>Writes cases bit for bit.</summary>
    public static void Write(string path, IReadOnlyCollection<AgreementCase> cases)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(cases.Count);
        foreach (var each in cases)
        {
            writer.Write((int)each.Set);
            writer.Write(each.Document);
            writer.Write(each.Network);
            writer.Write(each.Type);
            writer.Write((int)each.Precision);
            writer.Write((int)each.Lowering);
            writer.Write(each.InputCount);
            writer.Write(each.OutputCount);
            Write(writer, each.Inputs);
            Write(writer, each.Expected);
            Write(writer, each.Bounds);
        }
    }

    private static void Write(BinaryWriter writer, double[] numbers)
    {
        writer.Write(numbers.Length);
        writer.Write(MemoryMarshal.AsBytes<double>(numbers));
    }

    private static double[] ReadNumbers(BinaryReader reader)
    {
        var numbers = new double[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }
}
