using System;
using System.IO;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>The templates, installed as users install them.</summary>
public sealed class TemplateTests(FromTemplates templates) : IClassFixture<FromTemplates>
{
    [Fact]
    public async Task The_template_makes_a_project_that_runs()
    {
        string output = await templates.Run("pricing", "Pricing");
        Assert.Equal("A parcel of 3 kg costs 8.00, one of 12 kg 26.00.\nPricing.Score: 2 -> 2 -> 1, score of (0.5, -2): 3\n", output);
    }

    [Fact]
    public async Task The_template_takes_a_model()
    {
        Assert.False(File.Exists(templates.PathOf("Cancer/Networks.cs")));
        Assert.StartsWith("cancer: 30 -> ", await templates.Run("Cancer", "Cancer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_template_of_a_service_answers_by_names()
    {
        await using var service = await templates.Start("risks", "Risks");
        Assert.Equal("""{"risk":8.75,"isInRange":true}""", await service.Post("score", """{"pressure":131,"age":52}"""));
        Assert.Contains("\"isInRange\":false", await service.Post("score", """{"age":17,"pressure":100}"""), StringComparison.Ordinal);
        await service.Refuses("score", """{"age":52}""");
        await service.Refuses("score", """{"age":52,"presure":131,"pressure":131}""");
        Assert.Matches("\"contentHash\":\"[0-9a-f]{64}\",\"inputNames\":\\[\"age\",\"pressure\"\\]", await service.Get("model"));
    }

    [Fact]
    public async Task The_template_of_a_service_takes_a_model()
    {
        await using var service = await templates.Start("service", "Cancer");
        Assert.StartsWith("{\"outputs\":[", await service.Post("evaluate", "[" + string.Join(',', new int[30]) + "]"),
            StringComparison.Ordinal);
        await service.Refuses("evaluate", "[1]");
    }
}
