using System;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Code of layers over images against the reference evaluator: the same bits, single and in batches, whatever the inputs.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ImageAgreementTests
{
    private static readonly KanDocument[] s_documents = [.. ImageNetworks.All];

    [Fact]
    public void Float_code_has_the_bits_of_the_reference() => Compare<float>(Precision.Single);

    [Fact]
    public void Double_code_has_the_bits_of_the_reference() => Compare<double>(Precision.Double);

    [Fact]
    public void Results_stay_within_the_certified_bound()
    {
        using var compiled = new CompiledNetworks(s_documents, Precision.Single, [Lowering.Auto]);
        for (int i = 0; i < s_documents.Length; i++)
        {
            var network = s_documents[i].ToNetwork();
            double bound = compiled.Info(i, Lowering.Auto).ErrorBound;
            Assert.InRange(bound, 0, 1e-2);
            var random = new Random(i);
            for (int sample = 0; sample < 10; sample++)
            {
                float[] inputs = [.. Enumerable.Range(0, network.InputCount).Select(_ => (float)((random.NextDouble() * 8) - 4))],
                    outputs = new float[network.OutputCount];
                compiled.Evaluate<float>(i, Lowering.Auto)(inputs, outputs);
                double[] exact = network.Evaluate([.. inputs.Select(static x => (double)x)]);
                for (int q = 0; q < outputs.Length; q++)
                    Require.That(Math.Abs(outputs[q] - exact[q]) <= bound,
                        $"{s_documents[i].Name}: output {q} is off by more than {bound:E2}.");
            }
        }
    }

    private static void Compare<T>(Precision precision)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        const int Rows = 11;
        using var compiled = new CompiledNetworks(s_documents, precision, [Lowering.Auto]);
        for (int i = 0; i < s_documents.Length; i++)
        {
            var plan = NetworkCompiler.Plan(s_documents[i], precision, Lowering.Auto, TestContext.Current.CancellationToken);
            var reference = new ReferenceEvaluator<T>(plan.Form);
            int n = plan.InputCount, m = plan.OutputCount;
            T[] inputs = ImageNetworks.Samples<T>(i, Rows, n), batch = new T[Rows * m], single = new T[m];
            compiled.EvaluateBatch<T>(i, Lowering.Auto)(inputs, batch);
            for (int row = 0; row < Rows; row++)
            {
                compiled.Evaluate<T>(i, Lowering.Auto)(inputs.AsSpan(row * n, n), single);
                T[] expected = reference.Evaluate(inputs.AsSpan(row * n, n));
                for (int q = 0; q < m; q++)
                {
                    Require.That(IsSame(expected[q], single[q]),
                        $"{s_documents[i].Name}, row {row}: output {q} is {single[q]}, the reference says {expected[q]}.");
                    Require.That(IsSame(expected[q], batch[(row * m) + q]), $"{s_documents[i].Name}, row {row} of a batch: output {q} is "
                        + $"{batch[(row * m) + q]}, the reference says {expected[q]}.");
                }
            }
        }
    }

    private static bool IsSame<T>(T expected, T actual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.IsNaN(expected) ? T.IsNaN(actual) : expected == actual && T.IsNegative(expected) == T.IsNegative(actual);
}
