extern alias generators;

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using generators::Kan.Compiler.Emit;
using generators::Kan.Generators.Equality;
using generators::Kan.Generators.Specs;
using Xunit;
using LinkedLowering = generators::Kan.Lowering;
using LinkedPrecision = generators::Kan.Precision;

namespace Kan.Generators.Tests.Pipeline;

public sealed class SpecEqualityTests
{
    [Fact]
    public void Equal_parts_make_equal_specs()
    {
        Assert.Equal(Network(), Network());
        Assert.Equal(Network().GetHashCode(), Network().GetHashCode());
    }

    [Fact]
    public void Each_difference_makes_specs_unequal()
    {
        var specs = new List<NetworkSpec>
        {
            Network(),
            Network() with { HintName = "i" },
            Network() with { Name = "m" },
            Network() with { Target = new TargetType("N", ["partial class D"], false) },
            Network() with { Target = new TargetType("N", ["partial class C"], true) },
            Network() with { Target = new TargetType("N", ["partial class C"], false) { Summary = "s" } },
            Network() with { Target = new TargetType("M", ["partial class C"], false) },
            Network() with { Precision = LinkedPrecision.Double },
            Network() with { Lowering = LinkedLowering.Rows },
            Network() with { Widths = ImmutableArray.Create(1, 2) },
            Network() with { Edges = ImmutableArray<EdgeSpec>.Empty },
            Network() with { Edges = ImmutableArray.Create(new EdgeSpec(1, 0, 0, Function())) },
            Network() with { Edges = ImmutableArray.Create(new EdgeSpec(0, 1, 0, Function())) },
            Network() with { Edges = ImmutableArray.Create(new EdgeSpec(0, 0, 1, Function())) },
            Network() with { Edges =
                ImmutableArray.Create(new EdgeSpec(0, 0, 0, Function() with { ValueAtZero = NumberBits.From(-0.0) })) },
            Network() with { Edges = ImmutableArray.Create(new EdgeSpec(0, 0, 0, Function() with { Slopes = Numbers(1, -0.0) })) },
            Network() with { Edges = ImmutableArray.Create(new EdgeSpec(0, 0, 0, Function() with { Breakpoints = Numbers(-0.0) })) },
        };
        for (int i = 0; i < specs.Count; i++)
        {
            for (int j = 0; j < specs.Count; j++) Assert.Equal(i == j, specs[i].Equals(specs[j]));
        }
    }

    [Fact]
    public void Each_difference_makes_items_unequal()
    {
        var item = new generators::Kan.Generators.ModelFiles.ModelItem("a.onnx");
        generators::Kan.Generators.ModelFiles.ModelItem[] items =
        [
            item, item with { Path = "b.onnx" }, item with { Class = "x" }, item with { Namespace = "x" }, item with { Lowering = "x" },
            item with { Precision = "x" }, item with { RootNamespace = "x" }, item with { Project = "x" },
        ];
        for (int i = 0; i < items.Length; i++)
        {
            for (int j = 0; j < items.Length; j++) Assert.Equal(i == j, items[i] == items[j] with { });
        }
    }

    [Fact]
    public void Numbers_are_compared_by_their_bits()
    {
        Assert.NotEqual(NumberBits.From(0.0), NumberBits.From(-0.0));
        Assert.NotEqual(NumberBits.From(0f), NumberBits.From(-0f));
        Assert.Equal(NumberBits.From(double.NaN), NumberBits.From(double.NaN));
        Assert.NotEqual(NumberBits.From(BitConverter.Int64BitsToDouble(0x7FF8000000000001)),
            NumberBits.From(BitConverter.Int64BitsToDouble(0x7FF8000000000002)));
    }

    [Fact]
    public void A_default_array_is_an_empty_one()
    {
        Assert.Equal(default, new EquatableArray<int>([]));
        Assert.Empty(default(EquatableArray<int>).ToArray());
    }

    private static NetworkSpec Network() => new(
        "h", "n", new TargetType("N", ["partial class C"], false), LinkedPrecision.Single, LinkedLowering.Auto, ImmutableArray.Create(1, 1),
        ImmutableArray.Create(new EdgeSpec(0, 0, 0, Function())));

    private static FunctionSpec Function() => new(Numbers(0), Numbers(1, 0), NumberBits.From(0));

    private static EquatableArray<NumberBits> Numbers(params double[] values) => values.Select(NumberBits.From).ToImmutableArray();
}
