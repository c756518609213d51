using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Kan.Generators.Tests.Engines;
using Kan.Generators.Tests.Shape;
using Xunit;

namespace Kan.Generators.Tests.Snapshots;

/// <summary>
/// The emitted text of every network of the engine tests in every form, by its hash: a change that is not meant to change generated code
/// changes none of them. <c>EmittedText.received.txt</c> has the hashes of a run that differs; accept it by renaming it to
/// <c>EmittedText.verified.txt</c>.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class EmittedTextTests
{
    // What an editor shows without scrolling sideways, twice over.
    private const int MostColumns = 250;

    [Fact]
    public void No_network_is_emitted_as_another_text()
    {
        var lines = new StringBuilder();
        foreach (var document in Documents())
        {
            foreach (var precision in new[] { Precision.Single, Precision.Double })
            {
                foreach (var lowering in CompiledNetworks.Lowerings) Add(document, precision, lowering, "");
            }
        }

        // Bounds of samples, integers and layers over images have no other forms.
        foreach (var document in BoundNetworks.All)
        {
            foreach (var lowering in BoundNetworks.LoweringsOf(document)) Add(document, Precision.Single, lowering, " with bounds");
            Add(document, Precision.Double, Lowering.Auto, " with bounds");
        }

        foreach (var set in (AgreementSet[])[AgreementSet.Integers, AgreementSet.FloatImages, AgreementSet.DoubleImages])
        {
            var group = AgreementSets.Of(set);
            foreach (var document in group.Documents) Add(document, group.Precision, Lowering.Auto, "");
        }

        string verified = Path.Combine(Snapshot.Folder, "EmittedText.verified.txt"),
            received = Path.Combine(Snapshot.Folder, "EmittedText.received.txt");
        string[] accepted = File.Exists(verified) ? File.ReadAllLines(verified) : [],
            actual = lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (accepted.SequenceEqual(actual))
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, lines.ToString());
        string[] changed = [.. actual.Except(accepted)];
        Assert.Fail($"{changed.Length} of {actual.Length} emitted texts changed, such as {string.Join(", ", changed.Take(5))}.");

        void Add(KanDocument document, Precision precision, Lowering lowering, string with) => lines.Append(document.Name).Append(' ')
            .Append(precision).Append(' ').Append(lowering).Append(with).Append(' ')
            .Append(Hash(document, precision, lowering, with.Length > 0)).Append('\n');
    }

    private static IEnumerable<KanDocument> Documents() =>
    [
        .. Enumerable.Range(0, 48).Select(static seed => RandomNetworks.Create(seed, dyadic: false)),
        .. Enumerable.Range(1000, 24).Select(static seed => RandomNetworks.Create(seed, dyadic: true)),
        .. Enumerable.Range(0, RandomNetworks.BatchShapes).Select(static shape => RandomNetworks.ForBatches(shape)),
        .. Enumerable.Range(0, RandomNetworks.Grids).Select(static index => RandomNetworks.OnGrid(index, 5, 3)),
        .. ShapeNetworks.Documents.Where(static document => !document.Layers.Any(static layer => layer is WindowDescription)),
        .. RandomNetworks.SharedCurves,
    ];

    private static string Hash(KanDocument document, Precision precision, Lowering lowering, bool hasBounds)
    {
        var options = new CompilerOptions
        {
            Target = new TargetType("Tests", ["public sealed partial class Net"], IsStatic: false),
            Precision = precision,
            Lowering = lowering,
            EvaluateWithBound = hasBounds,
        };
        try
        {
            var source = NetworkCompiler.Compile(document, options, TestContext.Current.CancellationToken);
            string text = string.Concat(source.Files);
            Assert.DoesNotContain('\r', text);
            Assert.DoesNotContain(source.Code.Split('\n'), static line => line.Length > MostColumns);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
        }
        catch (OverflowException)
        {
            return "overflow";
        }
    }
}
