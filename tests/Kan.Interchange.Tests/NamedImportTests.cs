using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests;

/// <summary>Names, labels and standardizations that options add to a model.</summary>
public sealed class NamedImportTests
{
    private const string Affine = """{"kind":"affine","inputs":2,"outputs":2,"weights":[0.5,-3,"1/3",2],"bias":[1,"1/7"]}""";
    private const string Knots = """{"kind":"kan","inputs":2,"outputs":2,"knots":[[-1,0,2],[0,0.5]],"values":[0,1,2,3,4,5,6,7,-8,9]}""";
    private const string Edges = """{"kind":"kan","inputs":2,"outputs":2,"edges":[{"input":0,"output":1,"breakpoints":[-1,0.25],"slopes":[0,2,"1/3"],"anchor":[-1,4]},{"input":1,"output":0,"slopes":[2],"anchor":[0,0.125]}],"bias":[0,1]}""";
    private const string One = """{"kind":"activation","size":2,"function":"relu"}""";
    private const string Each = """{"kind":"activation","size":2,"functions":["relu",{"breakpoints":[1],"slopes":[0.5,-1],"anchor":[0,3]}]}""";

    private static readonly ImmutableArray<Rational> s_mean = [Rational.FromDouble(53.83), Rational.Create(-7, 3)],
        s_scale = [Rational.FromDouble(20.8), Rational.Create(1, 5)];

    public static IEnumerable<TheoryDataRow<string>> Layers => [Affine, Knots, Edges, One, Each, Affine + "," + One + "," + Affine];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_standardization_is_folded_into_the_first_layer_exactly(string layers)
    {
        var plain = Import(layers, new ImportOptions());
        Rational[][] samples = [.. Enumerable.Range(0, 40)
            .Select(static i => new[] { Rational.Create((13 * i) - 200, 7), Rational.Create((5 * i) - 101, 9) })];
        foreach (var (mean, scale) in new[] { (s_mean, s_scale), ([], s_scale), (s_mean, []) })
        {
            var folded = Import(layers, new ImportOptions { Mean = mean, Scale = scale });
            Assert.Equal(plain.Layers.Length, folded.Layers.Length);
            Assert.Contains("standardized", Assert.Single(folded.SourceNotes), StringComparison.Ordinal);
            foreach (var sample in samples)
            {
                Rational[] standard =
                    [.. sample.Select((x, i) => (x - (mean.IsEmpty ? Rational.Zero : mean[i]))
                    / (scale.IsEmpty ? Rational.One : scale[i]))];
                Assert.Equal(plain.ToNetwork().Evaluate(standard), folded.ToNetwork().Evaluate(sample));
            }

            // What is written reads back as the same fractions.
            Assert.Equal(ContentHash.Compute(folded.ToNetwork()),
                ContentHash.Compute(KanDocumentReader.Read(KanDocumentWriter.Write(folded)).ToNetwork()));
        }
    }

    [Fact]
    public void Ranges_are_those_of_the_numbers_before_the_standardization()
    {
        var options = new ImportOptions { Mean = [10, 20], Scale = [2, 4] };
        Assert.Equal([new InputRange(8, 12), new InputRange(16, 24)], Import(Affine, options, "[[-1,1]]").InputRanges);
        Assert.Equal([new InputRange(10, 12), new InputRange(20, 32)], Import(Affine, options, "[[0,1],[0,3]]").InputRanges);
        Assert.Equal([new InputRange(0, 100)],
            Import(Affine, options with { Range = new InputRange(0, 100) }, "[[0,1],[0,3]]").InputRanges);
        Assert.Empty(Import(Affine, options).InputRanges);
    }

    [Fact]
    public void Names_and_labels_go_over_those_of_the_file()
    {
        var document = Import(Affine, new ImportOptions { InputNames = ["a", "b"], OutputNames = ["y", "z"], Labels = ["good", "bad"] });
        Assert.Equal(["a", "b"], document.InputNames);
        Assert.Equal(["y", "z"], document.OutputNames);
        Assert.Equal(["good", "bad"], document.Labels);
        var again = KanDocumentReader.Read(KanDocumentWriter.Write(document));
        Assert.Equal(document.Labels, again.Labels);
        Assert.Equal(document.OutputNames, again.OutputNames);
        Assert.Equal(["good", "bad"], KanDocumentReader.Read(KanDocumentWriter.Write(document with { OutputNames = [] })).Labels);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_both_numbers()
    {
        Refuses(new ImportOptions { InputNames = ["a"] },
            "The model has 2 inputs, but InputNames has 1 names ('a'). Give one for each input, in order.");
        Refuses(new ImportOptions { OutputNames = ["a", "b", "c"] },
            "The model has 2 outputs, but OutputNames has 3 names ('a', 'b', 'c'). Give one for each output, in order.");
        Refuses(new ImportOptions { Labels = ["a"] },
            "The model has 2 outputs, but Labels has 1 labels ('a'). Give one for each output, in order.");
        Refuses(new ImportOptions { Mean = [1] }, "The model has 2 inputs, but Mean has 1 numbers. Give one number for each input.");
        Refuses(new ImportOptions { Scale = [1, 2, 3] },
            "The model has 2 inputs, but Scale has 3 numbers. Give one number for each input.");
        Refuses(new ImportOptions { Scale = [1, 0] },
            "The Scale of input 1 is 0, by which inputs would be divided. Give a positive number.");

        static void Refuses(ImportOptions options, string message)
        {
            var exception = Assert.Throws<ModelFileException>(() => Import(Affine, options));
            Assert.Equal(("KAN0310", message), (exception.DiagnosticId, exception.Reason));
        }
    }

    private static KanDocument Import(string layers, ImportOptions options, string ranges = "[]")
    {
        using var scratch = new Scratch();
        string text = $$"""{"format":"kan","version":1,"name":"n","inputs":{"ranges":{{ranges}}},"layers":[{{layers}}]}""";
        return ModelImporter.Import(scratch.Write("m.kan.json", Encoding.UTF8.GetBytes(text)), options).Document;
    }
}
