using System.IO;
using System.Linq;
using System.Text.Json;
using Kan.Analysis.Tests.Support;
using Kan.Testing;
using Xunit;

namespace Kan.Analysis.Tests.Pictures;

/// <summary>The figures of docs/regions.md and docs/plots.md, from trained networks.</summary>
public sealed class DocumentationPictureTests
{
    [Fact]
    public void Regions_of_a_digit_network_between_three_digits()
    {
        var network = DocumentedFiles.Model("tests", "models", "digits-mlp.onnx");
        using var document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests", "models", "digits-mlp.expected.json")));
        var inputs = document.RootElement.GetProperty("inputs");

        // Three pictures that the network reads as 3, 8 and 5.
        var slice = Slice.Through(Picture(5), Picture(1), Picture(7));
        Rational low = Rational.Create(-1, 2), high = Rational.Create(3, 2);
        var regions = LinearRegions.Of(network, slice, ConvexPolygon.Box(low, high, low, high),
            cancellation: TestContext.Current.CancellationToken);
        Checks.IsSound(regions, network);
        DocumentedFiles.IsDocumented(
            regions.ToSvg(new RegionPictureOptions
            {
                Title = "Between three handwritten digits",
                Colors = RegionColors.Decision,
                OutputNames = [.. Enumerable.Range(0, 10).Select(static digit => $"read as {digit}")],
                Marks = [(new(0, 0), "a 3"), (new(1, 0), "an 8"), (new(0, 1), "a 5")],
                XLabel = "towards the 8",
                YLabel = "towards the 5",
            }),
            "regions");

        Rational[] Picture(int index) =>
            [.. inputs[index].EnumerateArray().Select(static number => Rational.FromDouble(number.GetDouble()))];
    }

    [Fact]
    public void A_KAN_trained_on_digits()
    {
        var network = DocumentedFiles.Model("sample-app", "models", "mnist-kan.npz");
        DocumentedFiles.IsDocumented(
            network.ToSvg(new NetworkPictureOptions
            {
                Title = "A KAN [784, 32, 10] trained on handwritten digits",
                InputRanges = [new(0, 1)],
                EdgesPerLayer = 14,
            }),
            "network");
        DocumentedFiles.IsDocumented(
            EdgeSheet.ToSvg(network, EdgeSheet.Strongest(network, 3, new InputRange(0, 1)), new EdgeSheetOptions
            {
                Title = "Its three strongest edges of each layer",
                InputRanges = [new(0, 1)],
            }),
            "edges");
    }
}
