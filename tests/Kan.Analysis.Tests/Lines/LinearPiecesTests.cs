using System.Linq;
using CsCheck;
using Kan.Analysis.Tests.Support;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Analysis.Tests.Lines;

public sealed class LinearPiecesTests
{
    [Fact]
    public void Pieces_and_functions_agree_with_the_network() =>
        Gen.Select(SampleNetworks.Of(3), Generators.SmallRational.Array[6], Gen.Int[0, 1000].Array[20]).Sample(
        static (network, ends, ways) =>
        {
            var line = LinearPieces.Of(network, ends[..3], ends[3..]);
            Assert.True(line.IsComplete);
            Assert.Equal(Rational.Zero, line.Pieces[0].Start);
            Assert.Equal(Rational.One, line.Pieces[^1].End);
            Assert.All(line.Pieces.Zip(line.Pieces.Skip(1)), static pair => Assert.Equal(pair.First.End, pair.Second.Start));
            Assert.All(line.Pieces, static piece => Assert.True(piece.Start < piece.End));
            var outputs = Enumerable.Range(0, network.OutputCount).Select(line.Output).ToArray();
            foreach (var t in ways.Select(static way => Rational.Create(way, 1000))
                .Concat(line.Pieces.SelectMany(static piece => new[] { piece.Start, piece.End, (piece.Start + piece.End) / 2 })))
            {
                var expected = network.Evaluate([.. Enumerable.Range(0, 3).Select(i => ends[i] + (t * (ends[i + 3] - ends[i])))]);
                Assert.Equal(expected, outputs.Select(output => output.Evaluate(t)));
                Assert.Equal(expected, line.Pieces.First(piece => t <= piece.End).Map.Evaluate(t));
            }
        },
        iter: 100);

    [Fact]
    public void Pieces_are_the_cells_that_a_line_through_a_picture_passes() =>
        Gen.Select(SampleNetworks.Planar, Gen.Int[-2900, 2900].Array[4]).Sample(
        static (network, numbers) =>
        {
            // Odd denominators and a slope that no breakpoint line has keep the line off corners and sides.
            Rational[] from = [Rational.Create(numbers[0], 1009), Rational.Create(numbers[1], 1013)],
                to = [Rational.Create(numbers[2], 1019), Rational.Create(numbers[3], 1021)];
            if (from[0] == to[0] || from[1] == to[1]) return;
            var regions = LinearRegions.Of(network, SampleNetworks.Box);
            var line = LinearPieces.Of(network, from, to);
            foreach (var piece in line.Pieces)
            {
                var t = (piece.Start + piece.End) / 2;
                var point = new PlanePoint(from[0] + (t * (to[0] - from[0])), from[1] + (t * (to[1] - from[1])));
                Assert.Contains(Checks.Text(piece.Segments),
                    regions.Cells.Where(cell => cell.Polygon.Contains(point)).Select(static cell => Checks.Text(cell.Segments)));
            }
        },
        iter: 60);

    [Fact]
    public void An_edge_alone_comes_back_as_it_is()
    {
        var function = PiecewiseLinearFunction.FromSlopes([Rational.Create(1, 4), Rational.Create(1, 2)], [1, -2, 3], 0, 5);
        var network = new KanNetwork([new KanLayer(1, 1, [new(0, 0, function)])]);
        var token = TestContext.Current.CancellationToken;
        Assert.Equal(function, LinearPieces.Of(network, [0], [1], cancellation: token).Output(0));
        Assert.Equal(3, LinearPieces.Of(network, [1], [0], cancellation: token).Pieces.Length);
        Assert.False(LinearPieces.Of(network, [0], [1], pieceLimit: 2, token).IsComplete);
    }
}
