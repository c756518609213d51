using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Kan.ML;

/// <summary>Compiled networks as steps of ML.NET pipelines.</summary>
public static class KanTransforms
{
    private const string SlotNames = "SlotNames";

    /// <summary>
    /// Evaluates a compiled network for each row: a vector of its inputs becomes a vector of its outputs, whose slots have the names of
    /// labels or outputs.
    /// </summary>
    /// <remarks>
    /// Nothing is learned and nothing is allocated per row. The results are those of the network itself, to the last bit. The step is code,
    /// so ML.NET does not save it: append it again to a pipeline that was loaded. A column that is missing or has another size is an error
    /// of <c>Fit</c>.
    /// </remarks>
    /// <typeparam name="TModel">The network.</typeparam>
    /// <param name="catalog">The transforms of the <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">The column to add.</param>
    /// <param name="inputColumnName">
    /// The column of the inputs: a vector of <see cref="float"/>, with as many numbers as the network has inputs.
    /// </param>
    /// <exception cref="ArgumentException">A name is null or empty.</exception>
    public static IEstimator<ITransformer> ApplyKan<TModel>(
        this TransformsCatalog catalog, string outputColumnName = "Score", string inputColumnName = "Features")
        where TModel : IKanModel<float>
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        var mapping = catalog.CustomMapping<KanRow, KanScore>(
            Row<TModel>.Evaluate, contractName: null, Inputs<TModel>(inputColumnName), Outputs<TModel>(outputColumnName));
        return new KanEstimator(mapping, inputColumnName, TModel.InputCount, TModel.Info.Name);
    }

    private static SchemaDefinition Inputs<TModel>(string column)
        where TModel : IKanModel<float>
    {
        var schema = SchemaDefinition.Create(typeof(KanRow));
        var features = schema[nameof(KanRow.Features)];
        features.ColumnName = column;
        features.ColumnType = new VectorDataViewType(NumberDataViewType.Single, TModel.InputCount);
        return schema;
    }

    private static SchemaDefinition Outputs<TModel>(string column)
        where TModel : IKanModel<float>
    {
        var schema = SchemaDefinition.Create(typeof(KanScore));
        var score = schema[nameof(KanScore.Score)];
        score.ColumnName = column;
        score.ColumnType = new VectorDataViewType(NumberDataViewType.Single, TModel.OutputCount);
        var names = TModel.Info.Labels.IsEmpty ? TModel.Info.OutputNames : TModel.Info.Labels;
        if (names.Length == TModel.OutputCount)
        {
            var slots = new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names.Select(static name => name.AsMemory())]);
            score.AddAnnotation(SlotNames, slots, new VectorDataViewType(TextDataViewType.Instance, names.Length));
        }

        return schema;
    }

    private static class Row<TModel>
        where TModel : IKanModel<float>
    {
        public static void Evaluate(KanRow row, KanScore score)
        {
            var features = row.Dense();
            if (features.Length != TModel.InputCount)
                throw new ArgumentException(
                    $"A row has {features.Length} numbers; the network {TModel.Info.Name} has {TModel.InputCount} inputs.", nameof(row));
            var editor = VBufferEditor.Create(ref score.Score, TModel.OutputCount);
            TModel.Evaluate(features, editor.Values);
            score.Score = editor.Commit();
        }
    }

    /// <summary>What is read of a row.</summary>
    private sealed class KanRow
    {
        public VBuffer<float> Features { get; set; }

        private float[] _dense = [];

        /// <summary>All numbers of the row, the zeros of a sparse one written out.</summary>
        public ReadOnlySpan<float> Dense()
        {
            if (Features.IsDense) return Features.GetValues();

            // Not into Features: its arrays are those that the next row is read into.
            if (_dense.Length != Features.Length) _dense = new float[Features.Length];
            Features.CopyTo(_dense);
            return _dense;
        }
    }

    /// <summary>What is added to a row.</summary>
    private sealed class KanScore
    {
        public VBuffer<float> Score;
    }
}
