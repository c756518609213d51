extern alias generators;

using System;
using System.Threading;
using generators::Kan.Generators;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Kan.Generators.Tests.Pipeline;

public sealed class CancellationTests
{
    [Fact]
    public void ACancelledTokenStopsTheGenerator()
    {
        var driver = CSharpGeneratorDriver.Create([new KanGenerator().AsSourceGenerator()], parseOptions: GeneratorHarness.ParseOptions);
        var compilation = GeneratorHarness.Compile("using Kan; [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class Net;");
        Assert.Throws<OperationCanceledException>(() => driver.RunGenerators(compilation, new CancellationToken(canceled: true)));
    }
}
