using System.Collections.Generic;
using System.Linq;
using Kan.Analysis.Tests.Support;
using Xunit;

namespace Kan.Analysis.Tests.Regions;

/// <summary>Counts that another program found for the same networks.</summary>
public sealed class InstanceTests
{
    public static IEnumerable<TheoryDataRow<int>> Planar => Instance.All.Select(static (instance, i) => (instance, i))
        .Where(static item => item.instance.Network.InputCount == 2)
        .Select(static item => new TheoryDataRow<int>(item.i) { TestDisplayName = item.instance.Name });

    [Theory]
    [MemberData(nameof(Planar))]
    public void Counts_agree(int index)
    {
        var instance = Instance.All[index];
        var regions = LinearRegions.Of(instance.Network, Instance.Domain, cancellation: TestContext.Current.CancellationToken);
        Checks.IsSound(regions, instance.Network);
        Assert.Equal(
            (instance.Cells, instance.Regions, instance.Maps, instance.InteriorFacets),
            (regions.Counts.Cells, regions.Counts.Regions, regions.Counts.Maps, regions.Counts.InteriorEdges));
        var bounds = RegionBounds.Of(instance.Network);
        Assert.Equal((instance.ProductBound, instance.ArrangementBound), (bounds.Product, bounds.Arrangement));
        Assert.True(regions.Counts.Cells <= bounds.Least);
        Assert.True(bounds.Least <= bounds.Theorem4);
    }
}
