using System;
using System.IO;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Pykan;

/// <summary>Checkpoints compute what pykan computes: exactly, or within the tolerance.</summary>
public sealed class PykanTests
{
    private static readonly InputRange s_unit = new(-1, 1);

    private static double Distance(KanNetwork network, string expected)
    {
        var (inputs, outputs) = TestFiles.Expected(expected);
        return inputs.Zip(outputs).Max(sample => network.Evaluate(sample.First).Zip(sample.Second)
            .Max(static pair => Math.Abs(pair.First - pair.Second)));
    }

    /// <summary>The expected values are pykan's own, in float32.</summary>
    [Fact]
    public void Order_one_with_the_identity_is_exact()
    {
        var result = ModelImporter.Import(TestFiles.Model("hello-kan-k1-identity_config.yml"), ImportOptions.None);
        Assert.Equal("hello-kan-k1-identity", result.Document.Name);
        Assert.Equal(0, result.Report.CertifiedError);
        Assert.Empty(result.Report.Domain);
        Assert.Equal([2, 5, 1], result.Report.Widths);
        Assert.InRange(Distance(result.Document.ToNetwork(), "hello-kan-k1-identity"), 0, 4e-6);
    }

    /// <summary>
    /// Masks, symbolic x and abs beside splines, scaled and shifted nodes, inputs beyond the knots; against the same in float64.
    /// </summary>
    [Fact]
    public void Masks_symbolic_lines_and_node_scales_are_exact_beyond_the_knots_too()
    {
        var result = ModelImporter.Import(TestFiles.Model("pykan-masks_config.yml"), ImportOptions.None);
        Assert.Equal(0, result.Report.CertifiedError);
        Assert.InRange(Distance(result.Document.ToNetwork(), "pykan-masks"), 0, 1e-12);
    }

    [Theory]
    [InlineData(1e-2)]
    [InlineData(1e-3)]
    [InlineData(1e-4)]
    public void Order_three_is_within_the_certified_tolerance(double tolerance)
    {
        var result = ModelImporter.Import(TestFiles.Model("hello-kan-k3_config.yml"),
            new ImportOptions { Tolerance = tolerance, Domain = [s_unit] });
        Assert.InRange(result.Report.CertifiedError, 0.9 * tolerance, tolerance);
        Assert.Equal([s_unit, s_unit], result.Report.Domain);

        // What pykan's own rounding adds.
        Assert.InRange(Distance(result.Document.ToNetwork(), "hello-kan-k3"), 0, result.Report.CertifiedError + 4e-6);
    }

    /// <summary>
    /// sin, x^2, 1/x, tanh and gaussian edges, one beside its spline, with tags and aliases that only Python's own reader would build
    /// objects from.
    /// </summary>
    [Theory]
    [InlineData(1e-2)]
    [InlineData(1e-4)]
    public void Symbolic_curves_are_within_the_certified_tolerance(double tolerance)
    {
        var result = ModelImporter.Import(TestFiles.Model("pykan-symbolic_config.yml"),
            new ImportOptions { Tolerance = tolerance, Domain = [s_unit] });
        Assert.InRange(result.Report.CertifiedError, 0.9 * tolerance, tolerance);
        Assert.InRange(Distance(result.Document.ToNetwork(), "pykan-symbolic"), 0, tolerance);
        Assert.Contains(result.Report.Notes, static note => note.Contains("pruning", StringComparison.Ordinal));
    }

    [Fact]
    public void The_domain_is_the_grid_of_the_first_layer_when_silent()
    {
        var result = ModelImporter.Import(TestFiles.Model("hello-kan-k3_config.yml"), new ImportOptions { Tolerance = 1e-2 });
        Assert.Equal(2, result.Report.Domain.Length);
        Assert.All(result.Report.Domain, static range =>
        {
            Assert.InRange(range.Low.ToDouble(), -1.1, -0.9);
            Assert.InRange(range.High.ToDouble(), 0.9, 1.1);
        });
        Assert.Equal(result.Report.Domain, result.Document.InputRanges);
    }

    [Fact]
    public void Curves_without_a_tolerance_are_refused_with_what_to_add()
    {
        var exception = Assert.Throws<ModelFileException>(() => ModelImporter.Import(TestFiles.Model("hello-kan-k3_config.yml")));
        Assert.Equal("KAN0303", exception.DiagnosticId);
        Assert.Contains("the edge from input 0 to output 0 of layer 0 (silu and a spline of order 3)", exception.Reason,
            StringComparison.Ordinal);
        Assert.Contains("Tolerance = 1e-3", exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("k: 1", "k: 99")]
    [InlineData("base_fun_name: identity", "base_fun_name: !!python/object:torch.nn.modules.linear.Identity {}")]
    [InlineData("symbolic_enabled: true", "symbolic_enabled: false")]
    [InlineData("grid: 8",
        "grid: !!python/object/apply:numpy._core.multiarray.scalar [!!python/object/apply:numpy.dtype {args: [i8]}, !!binary BQ==]")]
    public void What_the_tensors_say_is_not_taken_from_the_configuration(string line, string replacement)
    {
        using var scratch = new Scratch();
        Assert.Equal(
            ModelImporter.Import(TestFiles.Model("hello-kan-k1-identity_config.yml")).ToNetwork().Evaluate([0.3, -0.7]),
            ModelImporter.Import(Changed(scratch, line, replacement)).ToNetwork().Evaluate([0.3, -0.7]));
    }

    [Theory]
    [InlineData("base_fun_name: identity", "base_fun_name: gelu", "'gelu'", 3)]
    [InlineData("base_fun_name: identity", "base_fun_name: !!python/object:my.module.Bump {}", "'Bump'", 3)]
    [InlineData("- - 5\n  - 0", "- - 4\n  - 1", "multiplication nodes", 38)]
    [InlineData("- - 5\n  - 0", "- - 4\n  - 0", "act_fun.0.coef", 0)]
    [InlineData("width:", "wide:", "no 'width'", 0)]
    [InlineData("width:", "k: 1\nwidth:", "'k' twice", 35)]
    [InlineData("symbolic_enabled: true", "symbolic_enabled: perhaps", "symbolic_enabled", 34)]
    public void What_is_not_supported_is_refused_where_it_stands(string line, string replacement, string part, int atLine)
    {
        using var scratch = new Scratch();
        string path = Changed(scratch, line, replacement);
        var exception = Assert.Throws<ModelFileException>(() => ModelImporter.Import(path));
        Assert.Contains(part, exception.Reason, StringComparison.Ordinal);
        Assert.Equal(atLine, exception.Line);
    }

    [Fact]
    public void A_missing_state_is_named()
    {
        using var scratch = new Scratch();
        string path = scratch.PathOf("a_config.yml");
        File.Copy(TestFiles.Model("hello-kan-k1-identity_config.yml"), path);
        var exception = Assert.Throws<ModelFileException>(() => ModelImporter.Import(path));
        Assert.Equal("KAN0301", exception.DiagnosticId);
        Assert.Equal(scratch.PathOf("a_state"), exception.File);
    }

    private static string Changed(Scratch scratch, string line, string replacement)
    {
        string text = File.ReadAllText(TestFiles.Model("hello-kan-k1-identity_config.yml"));
        Assert.Contains(line, text, StringComparison.Ordinal);
        File.Copy(TestFiles.Model("hello-kan-k1-identity_state"), scratch.PathOf("a_state"));
        return scratch.Write("a_config.yml", System.Text.Encoding.UTF8.GetBytes(text.Replace(line, replacement, StringComparison.Ordinal)));
    }
}
