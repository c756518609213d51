extern alias generators;

using System;
using System.Collections.Immutable;
using System.Threading;
using generators::Kan.Compiler.Emit;
using generators::Kan.Generators.Equality;
using generators::Kan.Generators.Output;
using generators::Kan.Generators.Specs;
using Xunit;

namespace Kan.Generators.Tests.Pipeline;

public sealed class CancellationTests
{
    [Fact]
    public void ACancellationIsNoFault()
    {
        var one = ImmutableArray.Create(Number.From(1));
        var edge = new EdgeSpec(0, 0, 0, new FunctionSpec(ImmutableArray<Number>.Empty, one, Number.From(0)));
        var spec = new NetworkSpec("h", "n", new TargetType("", ["partial class C"], false), default, default, ImmutableArray.Create(1, 1), ImmutableArray.Create(edge));
        Assert.Throws<OperationCanceledException>(() => SourceFactory.Create(spec, false, new CancellationToken(canceled: true)));
    }
}
