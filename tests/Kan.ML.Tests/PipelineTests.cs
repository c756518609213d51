using System;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Kan.ML.Tests;

/// <summary>Networks as steps of pipelines.</summary>
public sealed class PipelineTests
{
    private static readonly Person[] s_people =
    [
        new() { Age = 52, Pressure = 131 }, new() { Age = 30, Pressure = 118 }, new() { Age = 70.5f, Pressure = 150.25f },
            new() { Age = 1e30f, Pressure = -0f },
    ];

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_pipeline_gives_what_the_network_gives()
    {
        var data = _context.Data.LoadFromEnumerable(s_people);
        var scores = Named().Fit(data).Transform(data).GetColumn<VBuffer<float>>("Risk")
            .Select(static score => score.DenseValues().Single());
        Assert.Equal(s_people.Select(static person => Risk.Evaluate(new(person.Age, person.Pressure))), scores);
    }

    [Fact]
    public void A_prediction_engine_answers_a_row()
    {
        var model = Named().Fit(_context.Data.LoadFromEnumerable(s_people));
        using var engine = _context.Model.CreatePredictionEngine<Person, Answer>(model);
        Assert.Equal([8.75f], engine.Predict(s_people[0]).Risk);
    }

    [Fact]
    public void Labels_are_the_names_of_slots()
    {
        var data = _context.Data.LoadFromEnumerable(new Row[] { new() { Features = [1, 2, 3] } });
        var score = _context.Transforms.ApplyKan<Signs>().Fit(data).Transform(data).Schema["Score"];
        Assert.Equal(2, ((VectorDataViewType)score.Type).Size);
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        Assert.Equal(["up", "down"], names.DenseValues().Select(static name => name.ToString()));
    }

    // Most of one-hot columns is not stored.
    [Fact]
    public void Rows_may_be_sparse()
    {
        var schema = SchemaDefinition.Create(typeof(SparseRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        SparseRow[] rows = [new() { Features = new VBuffer<float>(3, 1, [5], [1]) }, new() { Features = new VBuffer<float>(3, [1, 2, 3]) },
            new() { Features = new VBuffer<float>(3, 1, [7], [2]) }];
        var data = _context.Data.LoadFromEnumerable(rows, schema);
        var scores = _context.Transforms.ApplyKan<Signs>().Fit(data).Transform(data).GetColumn<VBuffer<float>>("Score")
            .Select(static score => score.DenseValues().ToArray()).ToArray();
        Assert.Equal([[5f, 0f], [3f, -3f], [0f, -7f]], scores);
    }

    [Fact]
    public void A_step_after_the_network_reads_its_outputs()
    {
        var data = _context.Data.LoadFromEnumerable(s_people);
        var pipeline = Named().Append(_context.Transforms.NormalizeMinMax("Scaled", "Risk", fixZero: false));
        var scaled = pipeline.Fit(data).Transform(data).GetColumn<VBuffer<float>>("Scaled")
            .Select(static score => score.DenseValues().Single()).ToArray();
        Assert.Equal(0, scaled.Min());
        Assert.Equal(1, scaled.Max());
    }

    [Fact]
    public void Other_inputs_than_those_of_the_network_are_refused()
    {
        var data = _context.Data.LoadFromEnumerable(new Row[] { new() { Features = [1, 2, 3] } });
        Assert.StartsWith(
            "The column 'Features' is Vector<Single, 3>; the network Risk expects a vector of 2 numbers",
            Assert.Throws<ArgumentException>(() => _context.Transforms.ApplyKan<Risk>().Fit(data)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The column 'Missing' is missing; ",
            Assert.Throws<ArgumentException>(() => _context.Transforms.ApplyKan<Signs>("Score", "Missing").Fit(data)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _context.Transforms.ApplyKan<Signs>(""));
    }

    private EstimatorChain<ITransformer> Named() =>
        _context.Transforms.Concatenate("Both", [.. Risk.Info.InputNames]).Append(_context.Transforms.ApplyKan<Risk>("Risk", "Both"));

    public sealed class Person
    {
        [ColumnName("age")]
        public float Age { get; set; }

        [ColumnName("pressure")]
        public float Pressure { get; set; }
    }

    public sealed class Answer
    {
        [VectorType(1)]
        public float[] Risk { get; set; } = [];
    }

    public sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    public sealed class SparseRow
    {
        public VBuffer<float> Features { get; set; }
    }
}

[KanNetwork(2, 1)]
[Input(0, "age", Low = 18, High = 90)]
[Input(1, "pressure", Low = 90, High = 200)]
[Edge(0, 0, 0, Breakpoints = [40], Slopes = [0, 0.5])]
[Edge(0, 1, 0, Breakpoints = [120], Slopes = [0, 0.25])]
public sealed partial class Risk;

[KanNetwork(3, 2)]
[Output(0, "up")]
[Output(1, "down")]
[Edge(0, 0, 0, Slopes = [1])]
[Edge(0, 1, 0, Slopes = [1])]
[Edge(0, 2, 1, Slopes = [-1])]
public sealed partial class Signs;
