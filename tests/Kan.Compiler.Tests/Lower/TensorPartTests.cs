using System.Linq;
using Kan.Compiler.Lower;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>The tensors that names of inputs and outputs tell.</summary>
public sealed class TensorPartTests
{
    [Theory]
    [InlineData("a[0]|a[1]|b", "a:2,b:1")]
    [InlineData("b|a[0]|a[1]", "b:1,a:2")]
    [InlineData("x:0[0]|x:0[1]|y[z][0]|y[z][1]|y[z][2]", "x0:2,yz:3")]
    [InlineData("class[0]|class[1]|Rows[0]", "@class:2,rows_1:1")]
    [InlineData("a[0]|b[0]|b[1]", "a:1,b:2")]
    public void Numbers_of_consecutive_places_make_up_a_tensor(string names, string expected) => Assert.Equal(expected, Text(names));

    /// <summary>One tensor, tensors of one number each, places that are missing or twice, and one name in two places.</summary>
    [Theory]
    [InlineData("a[0]|a[1]")]
    [InlineData("a|b|c")]
    [InlineData("a[0]|b[0]")]
    [InlineData("a[1]|a[2]|b")]
    [InlineData("a[0]|a[2]|b")]
    [InlineData("a[0]|a[1]|b|a[0]")]
    [InlineData("a[0]|a[01]|b|a")]
    [InlineData("")]
    public void Other_names_make_up_none(string names) => Assert.Equal("", Text(names));

    [Fact]
    public void Seventeen_tensors_are_too_many_parameters()
    {
        Assert.NotEqual("", Text(string.Join("|", Enumerable.Range(0, 15).Select(static i => "t" + i)) + "|a[0]|a[1]"));
        Assert.Equal("", Text(string.Join("|", Enumerable.Range(0, 16).Select(static i => "t" + i)) + "|a[0]|a[1]"));
    }

    private static string Text(string names)
    {
        string[] inputs = names.Length == 0 ? [] : names.Split('|');
        var (read, written) = TensorParts.Of(new NetworkLabels([.. inputs], [], [], []), inputs.Length, 5);
        Assert.Equal(read.IsEmpty, written.IsEmpty);
        if (!written.IsEmpty) Assert.Equal(new TensorPart("outputs", "outputs", 5), Assert.Single(written));
        return string.Join(",", read.Select(static part => $"{part.Parameter}:{part.Count}"));
    }
}
