using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Execution;

/// <summary>The counter of inputs outside their ranges.</summary>
public sealed class RangeCounterTests
{
    private const string Source = """
        using System;
        using Kan;
        namespace N;

        /// <summary>A score.</summary>
        [KanNetwork(2, 1, Precision = Precision.PRECISION)] [Edge(0, 0, 0, Breakpoints = [1], Slopes = [1, 2])] [Edge(0, 1, 0, Slopes = [-2])]
        [Input(0, "age", Low = 0, High = 120)] [Input(1, "pressure", Low = 50, High = 250)]
        public static partial class NAME;

        /// <summary>Uses it.</summary>
        public static class Use
        {
            private static readonly NAME.Features[] s_batch = [new(1, 100), new(-1, 100), new(121, 300), new(NUMBER.NaN, 50)];

            /// <summary>One sample.</summary>
            public static void One() => NAME.Evaluate(new(Age: 130, Pressure: 100));

            /// <summary>A batch.</summary>
            public static void Batch() => NAME.EvaluateBatch(s_batch, new NUMBER[4]);

            /// <summary>Spans, which do not count, then a count by hand.</summary>
            public static void Spans()
            {
                NAME.Evaluate([130, 100], new NUMBER[1]);
                NAME.Info.CountOutsideRange((ReadOnlySpan<NUMBER>)[0, 0, 120, 251]);
            }
        }
        """;

    [Theory]
    [InlineData("Single", "float")]
    [InlineData("Double", "double")]
    public void Samples_outside_a_range_are_counted_by_model_and_input(string precision, string number)
    {
        string name = "Score" + precision;
        using var built = GeneratorHarness.Build(Source.Replace("PRECISION", precision, StringComparison.Ordinal)
            .Replace("NUMBER", number, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal));
        Action one = built.Method<Action>("N.Use", "One"), batch = built.Method<Action>("N.Use", "Batch"),
            spans = built.Method<Action>("N.Use", "Spans");

        // Nobody listens yet.
        one();
        using var listening = new Listening(name);
        one();
        Assert.Equal(["age 1"], listening.Take());
        batch();
        Assert.Equal(["age 3", "pressure 1"], listening.Take());
        spans();
        Assert.Equal(["pressure 2"], listening.Take());
        listening.Dispose();
        one();
        Assert.Empty(listening.Take());
    }

    [Fact]
    public void Without_names_inputs_have_their_index_and_half_rows_are_refused()
    {
        using var listening = new Listening("plain");
        var info = new KanModelInfo
        {
            Name = "plain",
            Precision = Precision.Single,
            Widths = [2, 1],
            Layers = [],
            ContentHash = "",
            ErrorBound = 0,
            InputRanges = [new KanInputRange(0, 1)],
        };
        info.CountOutsideRange([0.5f, 2f, 1f, float.PositiveInfinity]);
        Assert.Equal(["1 2"], listening.Take());
        Assert.Throws<ArgumentException>(() => info.CountOutsideRange([1f, 2f, 3f]));
        Assert.Throws<ArgumentException>(() => info.IsInRange([1f]));
        Assert.True(info.IsInRange([0f, 1f]));
        Assert.False(info.IsInRange([0d, double.NaN]));
        (info with { InputRanges = [] }).CountOutsideRange([9d, 9]);
        Assert.Empty(listening.Take());
    }

    [Fact]
    public void Networks_without_names_or_without_ranges_do_not_look_at_the_counter()
    {
        string text = Source.Replace("PRECISION", "Single", StringComparison.Ordinal).Replace("NUMBER", "float", StringComparison.Ordinal)
            .Replace("NAME", "Score", StringComparison.Ordinal);
        string source = text[..text.IndexOf("/// <summary>Uses it", StringComparison.Ordinal)];
        Assert.Contains("RangeCounter.IsWatched", GeneratorHarness.Run(source).Source, StringComparison.Ordinal);
        Assert.DoesNotContain("RangeCounter",
            GeneratorHarness.Run(source.Replace(", Low = 0, High = 120", "", StringComparison.Ordinal)
            .Replace(", Low = 50, High = 250", "", StringComparison.Ordinal)).Source, StringComparison.Ordinal);
        const string Ranges = """{"format":"kan","version":1,"name":"n","inputs":{"ranges":[[0,1]]},"layers":[{"kind":"affine","inputs":2,"outputs":1,"weights":[2,3]}]}""";
        Assert.DoesNotContain("RangeCounter", GeneratorHarness.Run("", ("a.onnx|Class=Net", Ranges)).Source, StringComparison.Ordinal);
    }

    /// <summary>What the counter says of one model, until disposed.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<string> _counts = new();

        public Listening(string model)
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Kan" && instrument.Name == "kan.inputs.outside_range")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                var named = new Dictionary<string, object?>(tags.ToArray());
                if ((string?)named["kan.model"] == model) _counts.Enqueue($"{named["kan.input"]} {count}");
            });
            _listener.Start();
        }

        public string[] Take()
        {
            string[] counts = [.. _counts.Order(StringComparer.Ordinal)];
            _counts.Clear();
            return counts;
        }

        public void Dispose() => _listener.Dispose();
    }
}
