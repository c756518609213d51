using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Export;

/// <summary>Networks in C, compiled by gcc into a library that is loaded into this process.</summary>
internal sealed class CCompiler : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly nint _library;

    public CCompiler(IReadOnlyList<CExport> networks, params string[] flags)
    {
        foreach (var network in networks) network.Save(_scratch.PathOf(network.Identifier + ".c"));
        string library = _scratch.PathOf("networks.so");
        Run(_scratch.Folder, "gcc", [.. flags, "-shared", "-fPIC", "-o", library,
            .. networks.Select(static network => network.Identifier + ".c"), "-lm"]);
        _library = NativeLibrary.Load(library);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Evaluation(nint inputs, nint outputs);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void BatchEvaluation(nint inputs, nint outputs, nuint rows);

    public static bool IsPresent => !OperatingSystem.IsWindows() && Succeeds("gcc") && Succeeds("g++");

    public T[] Evaluate<T>(CExport network, T[] inputs, int outputs)
        where T : unmanaged
    {
        var evaluate =
            Marshal.GetDelegateForFunctionPointer<Evaluation>(NativeLibrary.GetExport(_library, network.Identifier + "_evaluate"));
        var results = new T[outputs];
        Pin(inputs, results, (from, to) => evaluate(from, to));
        return results;
    }

    public T[] EvaluateBatch<T>(CExport network, T[] inputs, int rows, int outputs)
        where T : unmanaged
    {
        var evaluate =
            Marshal.GetDelegateForFunctionPointer<BatchEvaluation>(
            NativeLibrary.GetExport(_library, network.Identifier + "_evaluate_batch"));
        var results = new T[rows * outputs];
        Pin(inputs, results, (from, to) => evaluate(from, to, (nuint)rows));
        return results;
    }

    public void Dispose()
    {
        NativeLibrary.Free(_library);
        _scratch.Dispose();
    }

    /// <summary>Runs a compiler, which must have nothing to say.</summary>
    public static void Run(string folder, string compiler, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(compiler, arguments) { WorkingDirectory = folder, RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && error.Length == 0, error);
    }

    private static void Pin<T>(T[] inputs, T[] outputs, Action<nint, nint> work)
        where T : unmanaged
    {
        var from = GCHandle.Alloc(inputs, GCHandleType.Pinned);
        var to = GCHandle.Alloc(outputs, GCHandleType.Pinned);
        work(from.AddrOfPinnedObject(), to.AddrOfPinnedObject());
        from.Free();
        to.Free();
    }

    private static bool Succeeds(string compiler)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(compiler, "--version") { RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
