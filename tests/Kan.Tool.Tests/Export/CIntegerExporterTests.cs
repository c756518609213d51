using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Generators.Tests.Engines;
using Kan.Interchange;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Export;

/// <summary>
/// Integer networks in C give the bits of the reference evaluator: half steps, saturation, infinities and NaN among the inputs.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class CIntegerExporterTests
{
    [Theory]
    [InlineData("-std=c99", "-O1", "-Wall", "-Wextra", "-pedantic", "-Werror")]
    [InlineData("-std=gnu17", "-O3", "-march=native")]
    public void Bits_are_those_of_the_reference(params string[] flags)
    {
        Assert.SkipUnless(CCompiler.IsPresent, "gcc and g++ are not here");
        var cases = new List<(IntegerForm Form, CExport Export)>();
        KanDocument[] documents = [.. IntegerNetworks.All, .. CurveNetworks.All, .. QuantizedNetworks.All, .. WideNetworks.All,
            .. WideCurveNetworks.All, .. ImageCodeNetworks.All];
        for (int i = 0; i < documents.Length; i++)
        {
            var form = NetworkCompiler.Plan(documents[i], Precision.Int8, Lowering.Auto, CancellationToken.None).Integers!.Form;
            cases.Add((form, CIntegerExporter.Export(form, new CExportOptions { Name = "n" + i.ToString(CultureInfo.InvariantCulture) })));
        }

        using var compiled = new CCompiler([.. cases.Select(static item => item.Export)], flags);
        for (int i = 0; i < cases.Count; i++)
        {
            var (form, export) = cases[i];
            var reference = new IntegerEvaluator(form);
            float[][] samples = [.. IntegerNetworks.Samples(documents[i], i)];
            float[] batch = compiled.EvaluateBatch(export, [.. samples.SelectMany(static sample => sample)], samples.Length,
                form.OutputCount);
            for (int row = 0; row < samples.Length; row++)
            {
                float[] expected = reference.Evaluate(samples[row]);
                string what = $"{documents[i].Name}, row {row}";
                Bits.AssertSame<float>(expected, compiled.Evaluate(export, samples[row], form.OutputCount), what);
                Bits.AssertSame<float>(expected, batch.AsSpan(row * form.OutputCount, form.OutputCount), what);
            }
        }
    }
}
