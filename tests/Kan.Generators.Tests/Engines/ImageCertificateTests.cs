using System;
using System.Linq;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Code of layers over images against the exact network; its bits are those of the reference, see <see cref="EngineAgreementTests"/>.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(typeof(AgreementGroup))]
public sealed class ImageCertificateTests(AgreementNetworks networks)
{
    [Fact]
    public void Results_stay_within_the_certified_bound()
    {
        foreach (var subject in networks.Cases(AgreementSet.FloatImages))
        {
            var network = ImageNetworks.All[subject.Document].ToNetwork();
            double bound = networks.Info(subject).ErrorBound;
            Assert.InRange(bound, 0, 1e-2);
            var evaluate = networks.Evaluate<float>(subject);
            var random = new Random(subject.Document);
            for (int sample = 0; sample < 10; sample++)
            {
                float[] inputs = [.. Enumerable.Range(0, network.InputCount).Select(_ => (float)((random.NextDouble() * 8) - 4))],
                    outputs = new float[network.OutputCount];
                evaluate(inputs, outputs);
                double[] exact = network.Evaluate([.. inputs.Select(static x => (double)x)]);
                for (int q = 0; q < outputs.Length; q++)
                    Require.That(Math.Abs(outputs[q] - exact[q]) <= bound,
                        $"{subject.Network}: output {q} is off by more than {bound:E2}.");
            }
        }
    }
}
