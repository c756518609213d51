using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Reflection;
using System.Runtime.Loader;
using Kan.Generators.Tests.Engines;

namespace Kan.Bits;

/// <summary>What the subjects compute for ordinary and hostile inputs, one hash each: single samples, batches and local maps.</summary>
internal static class OutputHashes
{
    /// <summary>Rows of a batch are enough for several blocks of samples and a rest.</summary>
    private const int BatchRows = 99;

    private const long CanonicalNaN = 0x7FF8_0000_0000_0000;

    private static readonly UInt128 s_prime = new(0x0000_0000_0100_0000, 0x0000_0000_0000_013B);

    private static readonly UInt128 s_empty = new(0x6C62_272E_07BB_0142, 0x62B8_2175_6295_C58D);

    /// <summary>A line for each subject from some place on: its name, its network and its hash.</summary>
    public static IEnumerable<string> Of(string assembly, int first)
    {
        var loaded = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(assembly));
        foreach (var subject in Subjects.All.Skip(first))
        {
            var number = subject.Precision == Precision.Double ? typeof(double) : typeof(float);
            var method = typeof(OutputHashes).GetMethod(nameof(Hash), BindingFlags.Static | BindingFlags.NonPublic)!;
            var model = loaded.GetType($"{NetworkAssembly.Space}.{subject.TypeName}", throwOnError: true)!;
            yield return $"{subject.TypeName,-22} {subject.Document.Name,-10} "
                + $"{(string)method.MakeGenericMethod(number, model).Invoke(null, [subject.Document])!}";
        }
    }

    private static string Hash<T, TModel>(KanDocument document)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        where TModel : IKanModel<T>
    {
        int n = TModel.InputCount, m = TModel.OutputCount;
        var hash = s_empty;
        T[][] samples = [.. AdversarialInputs.For<T>(document.ToNetwork(), 1)];
        T[] outputs = new T[m], jacobian = new T[m * n], offset = new T[m];
        foreach (var sample in samples)
        {
            TModel.Evaluate(sample, outputs);
            bool isOnBorder = TModel.Explain(sample, jacobian, offset);
            Append<T>(ref hash, outputs);
            Append<T>(ref hash, jacobian);
            Append<T>(ref hash, offset);
            Append(ref hash, isOnBorder ? 1L : 0L);
        }

        T[] rows = [.. Enumerable.Range(0, BatchRows).SelectMany(i => samples[i % samples.Length])], results = new T[BatchRows * m];
        TModel.EvaluateBatch(rows, results);
        Append<T>(ref hash, results);
        return hash.ToString("x32", CultureInfo.InvariantCulture);
    }

    /// <summary>Appends the bits of some numbers; every NaN is one, whatever its sign and payload.</summary>
    private static void Append<T>(ref UInt128 hash, ReadOnlySpan<T> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A float is a double exactly, so its bits as a double are as good as its own.
        foreach (var number in numbers)
            Append(ref hash, T.IsNaN(number) ? CanonicalNaN : BitConverter.DoubleToInt64Bits(double.CreateTruncating(number)));
    }

    /// <summary>FNV-1a, eight bytes: an emulated machine may lack the libraries that hashes of the framework call.</summary>
    private static void Append(ref UInt128 hash, long bits)
    {
        for (int shift = 0; shift < 64; shift += 8) hash = unchecked((hash ^ (byte)(bits >> shift)) * s_prime);
    }
}
