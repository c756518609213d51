using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Text.Json;

namespace Kan.Analysis.Tests.Support;

/// <summary>
/// Networks with random rational parameters and the counts that an independent program, in another language and by other means (polygon
/// clipping and a search with linear programs), found for them over [-4, 4]^n.
/// </summary>
internal sealed record Instance(string Name, KanNetwork Network, int Cells, int InteriorFacets, int? Regions, int? Maps,
    BigInteger ProductBound, BigInteger ArrangementBound)
{
    public static IReadOnlyList<Instance> All { get; } = Read();

    public static ConvexPolygon Domain { get; } = ConvexPolygon.Box(-4, 4, -4, 4);

    private static Instance[] Read()
    {
        using var stream = typeof(Instance).Assembly.GetManifestResourceStream("instances.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.EnumerateArray().Select(static item => new Instance(
            $"[{string.Join(",", item.GetProperty("widths").EnumerateArray())}] {item.GetProperty("cells")} cells",
            new KanNetwork(item.GetProperty("layers").EnumerateArray().Select(Layer)),
            item.GetProperty("cells").GetInt32(),
            item.GetProperty("interiorFacets").GetInt32(),
            item.TryGetProperty("regions", out var regions) ? regions.GetInt32() : null,
            item.TryGetProperty("maps", out var maps) ? maps.GetInt32() : null,
            BigInteger.Parse(item.GetProperty("productBound").GetString()!, System.Globalization.CultureInfo.InvariantCulture),
            BigInteger.Parse(item.GetProperty("arrangementBound").GetString()!, System.Globalization.CultureInfo.InvariantCulture)))];
    }

    private static KanLayer Layer(JsonElement rows)
    {
        var edges = rows.EnumerateArray()
            .SelectMany(static (row, q) => row.EnumerateArray().Select((edge, p) => new KanEdge(p, q, Function(edge))));
        return new KanLayer(rows[0].GetArrayLength(), rows.GetArrayLength(), edges);
    }

    private static PiecewiseLinearFunction Function(JsonElement edge)
    {
        var anchor = Numbers(edge.GetProperty("anchor"));
        return PiecewiseLinearFunction.FromSlopes(Numbers(edge.GetProperty("breakpoints")), Numbers(edge.GetProperty("slopes")), anchor[0],
            anchor[1]);
    }

    private static Rational[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(static number =>
        Rational.TryParse(number.GetString()!, out var value) ? value : throw new FormatException(number.GetString()))];
}
