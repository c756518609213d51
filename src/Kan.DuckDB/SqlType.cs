using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Kan.DuckDB;

/// <summary>A type of values: a number, a truth value, or a STRUCT of them.</summary>
/// <param name="Kind">The kind of the value.</param>
/// <param name="Fields">The fields of a STRUCT.</param>
internal sealed record SqlType(DuckDBType Kind, ImmutableArray<(string Name, SqlType Type)> Fields)
{
    public static readonly SqlType Single = new(DuckDBType.Float, []);

    public static readonly SqlType Double = new(DuckDBType.Double, []);

    public static readonly SqlType Truth = new(DuckDBType.Boolean, []);

    /// <summary>The SQL type of a number type.</summary>
    public static SqlType Of<T>() => typeof(T) == typeof(float) ? Single : Double;

    /// <summary>A STRUCT with one field per name, all of one type.</summary>
    public static SqlType Struct(IEnumerable<string> names, SqlType field) =>
        new(DuckDBType.Struct, [.. names.Select(name => (name, field))]);

    /// <summary>
    /// The names of fields: those given if there are as many as values and SQL can tell them apart, else a letter and a number.
    /// </summary>
    public static ImmutableArray<string> Names(ImmutableArray<string> names, int count, string letter) =>
        names.Length == count && names.All(static name => name.Length > 0)
            && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == count
            ? names
            : [.. Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"{letter}{i}"))];

    /// <summary>The type as DuckDB knows it, which the caller destroys.</summary>
    public unsafe nint Create()
    {
        if (Kind != DuckDBType.Struct) return Native.CreateLogicalType(Kind);
        nint[] types = [.. Fields.Select(static field => field.Type.Create())];
        nint[] names = [.. Fields.Select(static field => Marshal.StringToCoTaskMemUTF8(field.Name))];
        fixed (nint* firstType = types)
        fixed (nint* firstName = names)
        {
            nint result = Native.CreateStructType(firstType, firstName, (ulong)types.Length);
            for (int i = 0; i < types.Length; i++) Native.DestroyLogicalType(ref types[i]);
            foreach (nint name in names) Marshal.FreeCoTaskMem(name);
            return result;
        }
    }

    /// <summary>
    /// The vectors of a value of this type: its own, and, for a STRUCT, those of its fields, each followed by its own fields.
    /// </summary>
    public void AddVectors(nint vector, List<nint> all, List<nint> leaves)
    {
        all.Add(vector);
        if (Kind != DuckDBType.Struct) leaves.Add(vector);
        for (int i = 0; i < Fields.Length; i++) Fields[i].Type.AddVectors(Native.StructChild(vector, (ulong)i), all, leaves);
    }
}
