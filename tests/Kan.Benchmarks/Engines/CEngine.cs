using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Kan.Benchmarks.Measuring;

namespace Kan.Benchmarks.Engines;

/// <summary>Plain C, compiled on the spot with <c>gcc -O3 -march=native -ffast-math</c>; of some variants the fastest.</summary>
internal sealed unsafe class CEngine : Engine
{
    private const double LongestTrial = 8e6;
    private const string Options = "-O3 -march=native -ffast-math";

    private readonly delegate* unmanaged[SuppressGCTransition]<float*, float*, void> _one;
    private readonly delegate* unmanaged<float*, int, int, float> _many;
    private readonly delegate* unmanaged<float*, float*, int, void> _batch;
    private readonly float[] _ring, _rows;
    private readonly int _width, _mask;

    private CEngine(string name, string detail, string library, float[] ring, int width, int outputCount)
        : base(name)
    {
        Detail = detail;
        nint handle = NativeLibrary.Load(library);
        _one = (delegate* unmanaged[SuppressGCTransition]<float*, float*, void>)NativeLibrary.GetExport(handle, "kan_one");
        _many = (delegate* unmanaged<float*, int, int, float>)NativeLibrary.GetExport(handle, "kan_many");
        _batch = (delegate* unmanaged<float*, float*, int, void>)NativeLibrary.GetExport(handle, "kan_batch");
        _ring = GC.AllocateArray<float>(ring.Length, pinned: true);
        ring.CopyTo(_ring, 0);
        _width = width;
        _mask = (ring.Length / width) - 1;
        _rows = GC.AllocateArray<float>((_mask + 1) * outputCount, pinned: true);
    }

    public override string Detail { get; }

    /// <summary>The version of the compiler, or null where there is none.</summary>
    public static string? CompilerVersion { get; } = Version();

    /// <summary>The option for the processors that native code runs on by default: vectors of 128 bits, no fused multiply-add.</summary>
    public const string Baseline = "-march=x86-64-v2";

    /// <summary>The fastest of the given styles, at the vector widths that the runtime uses; null where there is no compiler.</summary>
    public static CEngine? Fastest(string name, KanDocument document, float[] ring, CStyle[] styles)
    {
        string[] widths = Vector512.IsHardwareAccelerated ? ["-mprefer-vector-width=256", "-mprefer-vector-width=512"]
            : Vector256.IsHardwareAccelerated ? ["-mno-avx512f"] : [Baseline];
        return Fastest(name, document, ring, styles, widths);
    }

    /// <summary>The fastest of the given styles and options; null where there is no compiler.</summary>
    public static CEngine? Fastest(string name, KanDocument document, float[] ring, CStyle[] styles, string[] widths)
    {
        if (CompilerVersion is null) return null;
        return styles.SelectMany(style => widths.Select(width => new CEngine(
                name, $"{style}, {width}", Build(CSource.Write(document, style), width), ring, document.Layers[0].InputCount,
                document.Layers[^1].OutputCount)))
            .MinBy(static engine => engine.Trial());
    }

    public override float One(int sample)
    {
        float* x = (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_ring, (sample & _mask) * _width);
        float* y = (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_rows, 0);
        _one(x, y);
        return _rows[0];
    }

    public override float Many(int count) => _many((float*)Marshal.UnsafeAddrOfPinnedArrayElement(_ring, 0), _mask, count);

    public override float Batch()
    {
        _batch((float*)Marshal.UnsafeAddrOfPinnedArrayElement(_ring, 0), (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_rows, 0),
            _mask + 1);
        return _rows[0] + _rows[^1];
    }

    public override float[] Outputs()
    {
        Batch();
        return [.. _rows];
    }

    private double Trial()
    {
        double best = double.MaxValue;
        int count = 16;
        while (true)
        {
            long start = Clock.Now;
            Sink.Take(Many(count));
            double elapsed = Clock.NanosecondsSince(start);
            best = Math.Min(best, elapsed / count);
            if (elapsed > LongestTrial) return best;
            count *= 2;
        }
    }

    /// <summary>Compiles once for each source; later runs find the library by the hash of what went in.</summary>
    private static string Build(string source, string width)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source + Options + width + CompilerVersion)))[..32];
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "kan-benchmarks-c")).FullName;
        string library = Path.Combine(folder, hash + ".so");
        if (File.Exists(library)) return library;
        string file = Path.Combine(folder, hash + ".c"), built = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, source);
        var (exitCode, output) = Gcc($"{Options} {width} -shared -fPIC -o {built} {file}");
        if (exitCode != 0) throw new InvalidOperationException("gcc: " + output);
        File.Move(built, library, overwrite: true);
        return library;
    }

    private static string? Version()
    {
        try
        {
            return Gcc("--version").Output.Split('\n')[0].Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static (int ExitCode, string Output) Gcc(string arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo("gcc", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
