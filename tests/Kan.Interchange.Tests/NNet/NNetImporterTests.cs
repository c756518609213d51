using System;
using System.Linq;
using System.Text;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.NNet;

/// <summary><c>.nnet</c>: matrices, ReLU, and what normalizes inputs and outputs.</summary>
public sealed class NNetImporterTests
{
    // Inputs (x - mean) / range are u = (x0 - 2) / 4 and v = x1 / 2; hidden relu(u + 2 v - 1), relu(-u + 0.5); outputs times 10 plus 3.
    private const string Small = """
        // A comment
        // Another
        2,2,1,2,
        2,2,1,
        0,
        0.0,-1.0,
        8.0,1.0,
        2.0,0.0,3.0,
        4.0,2.0,10.0,
        1.0,2.0,
        -1.0,0.0,
        -1.0,
        5.0e-1,
        3.0,-2.0,
        0.25,

        """;

    [Theory]
    [InlineData(2, 0, -4.5)]
    [InlineData(8, 1, 50.5)]
    [InlineData(0, 1, -14.5)]
    public void The_network_is_the_one_of_the_file(double x, double y, double expected)
    {
        var document = Import(Small).Document;
        Assert.Equal([Rational.FromDouble(expected)], Evaluate(document, x, y));
        Assert.Equal([(0, 8), (-1, 1)],
            document.InputRanges.Select(static range => ((int)range.Low.ToDouble(), (int)range.High.ToDouble())));
    }

    [Fact]
    public void Line_ends_and_missing_commas_at_the_end_do_not_matter() =>
        Assert.Equal(Evaluate(Import(Small).Document, 1, 1),
            Evaluate(Import(Small.Replace(",\n", "\r\n", StringComparison.Ordinal)).Document, 1, 1));

    [Theory]
    [InlineData("2,2,1,2,", "2,2,1,", "The header has 3 numbers")]
    [InlineData("2,2,1,2,\n2,2,1,", "2,2,1,2,\n2,3,2,", "contradicts")]
    [InlineData("2,2,1,2,\n2,2,1,", "2,2,1,2,\n2,900000,1,", "which a file of")]
    [InlineData("2,2,1,2,\n2,2,1,", "2,2,1,2,\n2,-2,1,", "Line 4 holds '-2' where a count")]
    [InlineData("4.0,2.0,10.0,", "4.0,0.0,10.0,", "Input 1 is divided by 0")]
    [InlineData("0.0,-1.0,", "0.0,7.0,", "Input 1 lies between 7 and 1")]
    [InlineData("3.0,-2.0,", "3.0,", "Line 14 has 1 numbers; expected 2: row 0 of the weights of layer 1")]
    [InlineData("5.0e-1,", "nan,", "Line 13 holds 'nan', which is not a finite number: bias 1 of layer 0")]
    [InlineData("0.25,\n", "", "The file ends at line")]
    public void Damage_is_named_by_line(string found, string replacement, string message)
    {
        var exception = Assert.Throws<ModelFileException>(() => Import(Small.Replace(found, replacement, StringComparison.Ordinal)));
        Assert.Equal(ModelFileProblem.Malformed, exception.Problem);
        Assert.Contains(message, exception.Reason, StringComparison.Ordinal);
    }

    private static Rational[] Evaluate(KanDocument document, double x, double y) =>
        [.. document.ToNetwork().Evaluate(new[] { Rational.FromDouble(x), Rational.FromDouble(y) })];

    private static ImportResult Import(string text)
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write("small.nnet", Encoding.ASCII.GetBytes(text)), ImportOptions.None);
    }
}
