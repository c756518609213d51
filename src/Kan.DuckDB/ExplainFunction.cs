using System;
using System.Collections.Generic;
using DuckDB.NET.Native;

namespace Kan.DuckDB;

/// <summary>
/// The affine map that a network equals around each row: slopes, offsets, and whether the row lies on a border of regions.
/// </summary>
internal sealed class ExplainFunction<TModel, T>(bool isRounded) : NetworkFunction<TModel, T>(isRounded)
    where TModel : IKanModel<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public override SqlType Result { get; } = new(DuckDBType.Struct,
    [
        ("slopes", EvaluateFunction<TModel,
            T>.Outputs(SqlType.Struct(SqlType.Names(TModel.Info.InputNames, TModel.InputCount, "x"), SqlType.Of<T>()))),
        ("offset", EvaluateFunction<TModel, T>.Outputs(SqlType.Of<T>())),
        ("on_border", SqlType.Truth),
    ]);

    /// <inheritdoc/>
    protected override void Compute(ReadOnlySpan<T> inputs, int rows, List<nint> leaves)
    {
        int n = TModel.InputCount, m = TModel.OutputCount;
        var slopes = new T[m * n];
        var offsets = new T[m];
        for (int i = 0; i < rows; i++)
        {
            bool isOnBorder = TModel.Explain(inputs.Slice(i * n, n), slopes, offsets);
            for (int k = 0; k < slopes.Length; k++) Numbers<T>(leaves[k], rows)[i] = slopes[k];
            for (int q = 0; q < m; q++) Numbers<T>(leaves[slopes.Length + q], rows)[i] = offsets[q];
            Numbers<bool>(leaves[^1], rows)[i] = isOnBorder;
        }
    }
}
