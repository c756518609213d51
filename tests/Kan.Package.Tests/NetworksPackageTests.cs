using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>The package Kan.Networks in an empty project: the first code of its pages is a whole program.</summary>
[Collection(nameof(UserApps))]
public sealed class NetworksPackageTests(UserApps apps)
{
    [Fact]
    public async Task The_first_code_of_the_page_on_conversions_runs() => Assert.Equal("12\n", await apps.Run("conversions"));

    [Fact]
    public async Task The_first_code_of_the_page_on_regions_runs()
    {
        string output = await apps.Run("regions");
        Assert.EndsWith(" linear regions\n", output, StringComparison.Ordinal);
        Assert.True(int.Parse(output.Split(' ')[0], CultureInfo.InvariantCulture) > 1, output);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(apps.PathOf("regions/regions.svg"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }
}
