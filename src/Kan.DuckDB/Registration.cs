using System;
using System.Collections.Generic;
using System.Data;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;

namespace Kan.DuckDB;

/// <summary>Hands functions over to DuckDB, which keeps them until their database is closed.</summary>
internal static unsafe class Registration
{
    /// <summary>
    /// The names of DuckDB's own functions. A database does not tell them from those that were added to it; one that is empty has no
    /// others.
    /// </summary>
    private static readonly Lazy<HashSet<string>> s_own = new(OwnFunctions);

    public static void Register<TModel, T>(DuckDBConnection connection, string name)
        where TModel : IKanModel<T>
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name)) throw new ArgumentException($"'{name}' is not a name of a function: expected letters, digits and underscores, "
            + $"not beginning with a digit.", nameof(name));
        if (connection.State != ConnectionState.Open)
            throw new InvalidOperationException("The connection is not open: call Open before RegisterKan.");
        foreach (string function in (ReadOnlySpan<string>)[name, name + "_explain"])
        {
            if (s_own.Value.Contains(function))
                throw new ArgumentException($"'{function}' is a built-in function of DuckDB: choose another name.", nameof(name));
        }

        Add(connection, name, TModel.InputCount, static isRounded => new EvaluateFunction<TModel, T>(isRounded),
            typeof(T) == typeof(float));
        Add(connection, name + "_explain", TModel.InputCount, static isRounded => new ExplainFunction<TModel, T>(isRounded),
            typeof(T) == typeof(float));
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static HashSet<string> OwnFunctions()
    {
        using var empty = new DuckDBConnection("DataSource=:memory:");
        empty.Open();
        using var command = empty.CreateCommand();
        command.CommandText = "SELECT DISTINCT function_name FROM duckdb_functions()";
        using var reader = command.ExecuteReader();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read()) names.Add(reader.GetString(0));
        return names;
    }

    private static void Add(DuckDBConnection connection, string name, int inputs, Func<bool, ChunkFunction> create, bool isSingle)
    {
        nint set = Native.CreateScalarFunctionSet(name);
        try
        {
            if (isSingle) AddOverload(set, name, inputs, SqlType.Single, create(false));
            AddOverload(set, name, inputs, SqlType.Double, create(isSingle));
            if (Native.RegisterScalarFunctionSet(connection.NativeConnection, set) != 0)
                throw new InvalidOperationException($"DuckDB does not accept '{name}' as a function of {inputs} numbers.");
        }
        finally
        {
            Native.DestroyScalarFunctionSet(ref set);
        }
    }

    private static void AddOverload(nint set, string name, int inputs, SqlType argument, ChunkFunction function)
    {
        nint native = Native.CreateScalarFunction(), argumentType = argument.Create(), resultType = function.Result.Create();
        try
        {
            Native.SetName(native, name);
            for (int p = 0; p < inputs; p++) Native.AddParameter(native, argumentType);
            Native.SetReturnType(native, resultType);
            Native.SetExtraInfo(native, GCHandle.ToIntPtr(GCHandle.Alloc(function)), &Free);
            Native.SetFunction(native, &Run);
            if (Native.AddToSet(set, native) != 0)
                throw new InvalidOperationException($"DuckDB does not accept the overload '{name}' of {inputs} numbers.");
        }
        finally
        {
            Native.DestroyLogicalType(ref argumentType);
            Native.DestroyLogicalType(ref resultType);
            Native.DestroyScalarFunction(ref native);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(nint info, nint chunk, nint output)
    {
        try
        {
            ((ChunkFunction)GCHandle.FromIntPtr(Native.GetExtraInfo(info)).Target!).Run(chunk, output);
        }
        catch (Exception exception)
        {
            // No exception may leave through native frames; the query fails with its message.
            Native.SetError(info, exception.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint function) => GCHandle.FromIntPtr(function).Free();
}
