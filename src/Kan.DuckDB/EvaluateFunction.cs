using System;
using System.Buffers;
using System.Collections.Generic;

namespace Kan.DuckDB;

/// <summary>The outputs of a network: one number, or a STRUCT.</summary>
internal sealed class EvaluateFunction<TModel, T>(bool isRounded) : NetworkFunction<TModel, T>(isRounded)
    where TModel : IKanModel<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public override SqlType Result { get; } = Outputs(SqlType.Of<T>());

    /// <summary>One field for each output of the network; the field itself where there is one output.</summary>
    public static SqlType Outputs(SqlType field)
    {
        if (TModel.OutputCount == 1) return field;
        var names = TModel.Info.Labels.IsEmpty ? TModel.Info.OutputNames : TModel.Info.Labels;
        return SqlType.Struct(SqlType.Names(names, TModel.OutputCount, "y"), field);
    }

    /// <inheritdoc/>
    protected override void Compute(ReadOnlySpan<T> inputs, int rows, List<nint> leaves)
    {
        if (leaves.Count == 1)
        {
            TModel.EvaluateBatch(inputs, Numbers<T>(leaves[0], rows));
            return;
        }

        T[] buffer = ArrayPool<T>.Shared.Rent(rows * leaves.Count);
        var outputs = buffer.AsSpan(0, rows * leaves.Count);
        TModel.EvaluateBatch(inputs, outputs);
        for (int q = 0; q < leaves.Count; q++) Chunk.Write<T>(outputs, leaves.Count, q, Numbers<T>(leaves[q], rows));
        ArrayPool<T>.Shared.Return(buffer);
    }
}
