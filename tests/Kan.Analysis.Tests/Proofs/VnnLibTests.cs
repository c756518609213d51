using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Xunit;

namespace Kan.Analysis.Tests.Proofs;

public sealed class VnnLibTests
{
    private const string Declarations =
        "(declare-const X_0 Real)\n(declare-const X_1 Real)\n(declare-const Y_0 Real)\n(declare-const Y_1 Real)\n";
    private const string Bounds = "(assert (>= X_0 0)) (assert (<= X_0 0.1))\n(assert (>= X_1 -1e-2))\n(assert (<= X_1 .5))\n";

    [Fact]
    public void Boxes_and_conditions_are_exact()
    {
        var forbidden = Assert.Single(VnnLib.Parse(Declarations + Bounds + "; a comment (\n(assert (<= Y_0 Y_1)) (assert (> Y_1 3.25))")
            .Cases);
        Assert.Equal([new InputRange(0, Rational.Create(1, 10)), new InputRange(Rational.Create(-1, 100), Rational.Create(1, 2))],
            forbidden.Box);
        Assert.Equal([Rational.One, -Rational.One], forbidden.Conditions[0].Outputs);
        Assert.False(forbidden.Conditions[0].IsStrict);
        Assert.True(forbidden.Conditions[1].IsStrict);
        Assert.Equal(Rational.Create(13, 4), forbidden.Conditions[1].Constant);
    }

    [Fact]
    public void Alternatives_of_inputs_and_outputs_are_multiplied_out()
    {
        var statement = VnnLib.Parse(Declarations + """
            (assert (or (and (<= X_0 1) (>= X_0 0)) (and (<= X_0 3) (>= X_0 2))))
            (assert (and (<= X_1 1) (>= X_1 0)))
            (assert (or (<= Y_0 0) (and (<= Y_1 0) (>= Y_0 (+ (* 2 Y_1) 1)))))
            """);
        Assert.Equal(4, statement.Cases.Length);
        Assert.Equal([0, 0, 2, 2], statement.Cases.Select(static forbidden => (int)forbidden.Box[0].Low.ToDouble()));
        Assert.Equal([1, 2, 1, 2], statement.Cases.Select(static forbidden => forbidden.Conditions.Length));
        Assert.Equal([-Rational.One, (Rational)2], statement.Cases[1].Conditions[1].Outputs);
    }

    [Fact]
    public void What_is_denied_is_turned_round()
    {
        var statement = VnnLib.Parse(Declarations + Bounds + "(assert (not (and (<= Y_0 1) (= Y_1 2))))");
        Assert.Equal(3, statement.Cases.Length);
        Assert.All(statement.Cases, static forbidden => Assert.True(Assert.Single(forbidden.Conditions).IsStrict));
    }

    [Fact]
    public void A_strict_bound_of_an_input_is_kept_as_a_condition()
    {
        var forbidden = Assert.Single(VnnLib.Parse(Declarations + Bounds + "(assert (< X_0 0.05)) (assert (<= (- X_0 X_1) 0))").Cases);
        Assert.Equal(Rational.Create(1, 20), forbidden.Box[0].High);
        Assert.Equal(2, forbidden.Conditions.Length);
        Assert.True(forbidden.Conditions[0].IsStrict);
        Assert.False(forbidden.Conditions[0].IsMet([Rational.Create(1, 20), 0], [0, 0]));
    }

    [Fact]
    public void Alternatives_with_an_empty_box_are_none() =>
        Assert.Empty(VnnLib.Parse(Declarations + Bounds + "(assert (>= X_0 2))").Cases);

    [Theory]
    [InlineData("(assert (<= Y_0 1)", 5, 1, "no ')'")]
    [InlineData("\n(assert (<= Y_0 1)))", 6, 20, "without its '('")]
    [InlineData("(assert (<= Y_7 1))", 5, 13, "'Y_7' is neither")]
    [InlineData("(assert (<= Y_0 1.2.3))", 5, 17, "neither a number")]
    [InlineData("(assert (<= (* Y_0 Y_1) 1))", 5, 13, "linear term")]
    [InlineData("(assert (xor Y_0 Y_1))", 5, 9, "Expected a formula")]
    [InlineData("(declare-const X_3 Real)", 5, 16, "out of order")]
    [InlineData("(declare-const X_2 Int)", 5, 20, "must be Real")]
    [InlineData("(declare-const z Real)", 5, 16, "must be called")]
    [InlineData("(push 1)", 5, 1, "Expected (declare-const")]
    [InlineData("(assert (<= Y_0 1e99999))", 5, 17, "neither a number")]
    [InlineData("(assert (<= X_0 1))", 5, 1, "X_0 has no lower bound")]
    public void Errors_have_line_and_column(string text, int line, int column, string reason)
    {
        var error = Assert.Throws<VnnLibException>(() => VnnLib.Parse(Declarations + text, "p.vnnlib"));
        Assert.Equal((line, column, "p.vnnlib"), (error.Line, error.Column, error.File));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_files_are_read()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".vnnlib.gz");
        try
        {
            using (var stream = new GZipStream(File.Create(path), CompressionMode.Compress))
                stream.Write(Encoding.UTF8.GetBytes(Declarations + Bounds + "(assert (<= Y_0 1))"));
            Assert.Single(VnnLib.ReadFile(path).Cases);
            File.WriteAllText(path, "no archive");
            Assert.ThrowsAny<IOException>(() => VnnLib.ReadFile(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
