using System;
using System.IO;
using System.Linq;
using System.Text;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Hostile;

/// <summary>Checkpoints that attack, or that no approximation reaches.</summary>
public sealed class HostilePykanTests
{
    private static ModelFileException Refusal(byte[] config, byte[]? state = null, ImportOptions? options = null)
    {
        using var scratch = new Scratch();
        scratch.Write("a_state", state ?? File.ReadAllBytes(TestFiles.Model("hello-kan-k1-identity_state")));
        string path = scratch.Write("a_config.yml", config);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<ModelFileException>(() => ModelImporter.Import(path, options ?? ImportOptions.None));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L << 20) + (400L * config.Length));
        Assert.Contains(exception.File, new[] { path, scratch.PathOf("a_state") });
        return exception;
    }

    private static byte[] Config(string name = "hello-kan-k1-identity") => File.ReadAllBytes(TestFiles.Model(name + "_config.yml"));

    private static byte[] State(string name, string tensor, params float[] values)
    {
        // The storages of a checkpoint are numbered in the order of its tensors; the first numbers of one are overwritten.
        byte[] archive = File.ReadAllBytes(TestFiles.Model(name + "_state"));
        return PickleBuilder.Change(archive, entry => entry.EndsWith("/data/" + tensor, StringComparison.Ordinal), content =>
        {
            values.SelectMany(BitConverter.GetBytes).ToArray().CopyTo(content, 0);
            return content;
        });
    }

    [Fact]
    public void Names_that_multiply()
    {
        var text = new StringBuilder("base_fun_name: identity\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 40; i++) text.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Contains("width", Refusal(Encoding.UTF8.GetBytes(text + "width: *a39\n")).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("base_fun_name: identity\nwidth: &a [*a, *a]\n", "width")]
    [InlineData("base_fun_name: identity\nwidth: *b\n", "'*b'")]
    [InlineData("base_fun_name: &a [*a]\nwidth: [1, 1]\n", "base function")]
    [InlineData("- 1\n- 2\n", "keys and values")]
    [InlineData("text", "keys and values")]
    [InlineData("a: 1\n---\nb: 2\n", "second document")]
    [InlineData("a: [1, 2\nb: 3", "not the YAML")]
    [InlineData("a: {b: 1\nc: 2", "not the YAML")]
    [InlineData("a: 'b", "not the YAML")]
    [InlineData("? [a]\n: b\n", "key that is not a string")]
    [InlineData("!!python/object/apply:os.system ['touch owned']", "keys and values")]
    [InlineData("base_fun_name: !!python/object/apply:os.system ['touch owned']\nwidth: [2, 5, 1]\n", "'system'")]
    [InlineData("base_fun_name: identity\nwidth: [2, 99999999999]\n", "width")]
    [InlineData("base_fun_name: identity\nwidth: [1048576, 1048576]\n", "act_fun.0.grid")]
    [InlineData("base_fun_name: identity\nwidth: [2, -5, 1]\n", "width")]
    [InlineData("base_fun_name: identity\nwidth: [2]\n", "width")]
    [InlineData("base_fun_name: identity\nwidth: [[2, 0, 0], [1, 0]]\n", "width")]
    [InlineData("base_fun_name: identity\nwidth: [2, 5]\n", "'node_bias_1'")]
    [InlineData("base_fun_name: identity\nwidth: [2, 5, 1, 1]\n", "act_fun.2.grid")]
    public void Configurations_that_lie(string config, string part) =>
        Assert.Contains(part, Refusal(Encoding.UTF8.GetBytes(config)).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 100_000)]
    [InlineData("- ", 5_000)]
    [InlineData("? ", 5_000)]
    [InlineData("!!seq ", 5_000)]
    [InlineData("&a ", 5_000)]
    [InlineData("\"", 5_001)]
    public void Depth_without_end(string part, int count) => Refusal(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, count))));

    [Fact]
    public void Bytes_that_are_no_text() => Assert.Contains("UTF-8", Refusal([0x61, 0x3A, 0xFF, 0xFE]).Reason, StringComparison.Ordinal);

    [Fact]
    public void Knots_that_repeat_or_fall()
    {
        // Storage 8 holds the grid of the first layer.
        float[] same = [-1.5f, -1.25f, -1.25f];
        var exception = Refusal(Config(), State("hello-kan-k1-identity", "8", same));
        Assert.Contains("knots 1 and 2 of input 0", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("knots must increase", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("NaN at [0, 1]", Refusal(Config(), State("hello-kan-k1-identity", "8", -1.5f, float.NaN)).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tolerances_and_domains_that_cannot_be_met()
    {
        var unit = new InputRange(-1, 1);
        string Reason(ImportOptions options, byte[]? state = null, string name = "hello-kan-k3") =>
            Refusal(Config(name), state ?? File.ReadAllBytes(TestFiles.Model(name + "_state")), options).Reason;
        Assert.Contains("not a positive number", Reason(new ImportOptions { Tolerance = 0 }), StringComparison.Ordinal);
        Assert.Contains("not a positive number", Reason(new ImportOptions { Tolerance = double.NaN }), StringComparison.Ordinal);
        Assert.Contains("segments", Reason(new ImportOptions { Tolerance = 1e-12 }), StringComparison.Ordinal);
        Assert.Contains("3 ranges, but the model has 2 inputs", Reason(new ImportOptions { Tolerance = 1e-2, Domain = [unit, unit, unit] }),
            StringComparison.Ordinal);
        Assert.Contains("low end exceeds its high end", Reason(new ImportOptions { Tolerance = 1e-2, Domain = [new InputRange(1, -1)] }),
            StringComparison.Ordinal);

        // 1 / (x + 3) is not bounded at -3.
        Assert.Contains("1/x", Reason(new ImportOptions { Tolerance = 1e-2, Domain = [new InputRange(-4, 4)] }, name: "pykan-symbolic"),
            StringComparison.Ordinal);

        // Coefficients so large that no error is small beside them: storage 9 holds those of the first layer.
        Reason(new ImportOptions { Tolerance = 1e-3, Domain = [unit] }, State("hello-kan-k3", "9", [.. Enumerable.Repeat(1e30f, 8000)]));
    }

    [Fact]
    public void Symbolic_functions_that_jump_or_are_not_known()
    {
        string text = Encoding.UTF8.GetString(Config("pykan-masks"));
        Assert.Contains("sgn, which jumps",
            Refusal(Encoding.UTF8.GetBytes(text.Replace("abs", "sgn", StringComparison.Ordinal)),
            File.ReadAllBytes(TestFiles.Model("pykan-masks_state"))).Reason, StringComparison.Ordinal);
        Assert.Contains("'bessel'", Refusal(Encoding.UTF8.GetBytes(text.Replace("abs", "bessel", StringComparison.Ordinal)),
            File.ReadAllBytes(TestFiles.Model("pykan-masks_state"))).Reason, StringComparison.Ordinal);
        Assert.Contains("Tolerance", Refusal(Encoding.UTF8.GetBytes(text.Replace("abs", "sin", StringComparison.Ordinal)),
            File.ReadAllBytes(TestFiles.Model("pykan-masks_state"))).Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// Coefficients of one edge so large that it takes a thousand segments: they are counted before, laid once, and certified.
    /// </summary>
    [Fact]
    public void Curves_of_many_segments()
    {
        var random = new Random(3);
        byte[] state = State("hello-kan-k3", "9", [.. Enumerable.Range(0, 8).Select(_ => (float)(random.NextDouble() * 2e6))]);
        using var scratch = new Scratch();
        scratch.Write("a_state", state);
        string path = scratch.Write("a_config.yml", Config("hello-kan-k3"));
        var options = new ImportOptions { Tolerance = 1, Domain = [new InputRange(-1, 1)] };
        var report = ModelImporter.Import(path, options).Report;
        Assert.InRange(report.CertifiedError, 0, 1);
        Assert.InRange(report.SegmentCount, 500, 10_000);
        Assert.Contains("segments; at most 524,288 are tried. Specify a Tolerance of",
            Assert.Throws<ModelFileException>(() => ModelImporter.Import(path, options with { Tolerance = 1e-7 })).Reason,
            StringComparison.Ordinal);
    }

    /// <summary>
    /// Numbers at the ends of float, in each tensor of the first layer: refused or certified, by name and never by a fault.
    /// </summary>
    [Theory]
    [InlineData("9")]
    [InlineData("8")]
    [InlineData("10")]
    [InlineData("11")]
    [InlineData("12")]
    public void Numbers_at_the_ends_of_float(string tensor)
    {
        foreach (float[] values in new float[][] { [float.MaxValue], [-float.MaxValue, float.MaxValue], [float.Epsilon],
            [float.MaxValue, float.Epsilon, 0, -float.MaxValue], [float.NaN], [float.PositiveInfinity] })
        {
            using var scratch = new Scratch();
            scratch.Write("a_state", State("hello-kan-k3", tensor, values));
            string path = scratch.Write("a_config.yml", Config("hello-kan-k3"));
            try
            {
                Assert.InRange(ModelImporter.Import(path, new ImportOptions { Tolerance = 1, Domain = [new InputRange(-1, 1)] })
                    .Report.CertifiedError, 0, 1);
            }
            catch (ModelFileException exception)
            {
                Assert.False(exception.IsFault, exception.ToString());
            }
        }
    }
}
