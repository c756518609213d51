extern alias generators;

using System;
using System.Linq;
using generators::Kan.Generators.Output;
using generators::Kan.Generators.Specs;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Output;

public sealed class HintNameTests
{
    [Fact]
    public void Names_that_differ_only_in_case_make_different_files()
    {
        var run = GeneratorHarness.Run("""
            using Kan;
            [KanNetwork(1, 0)] partial class None;
            [KanModel("x")] partial class Risk;
            [KanModel("x")] partial class risk;
            [KanModel("x")] partial class Größe;
            [KanModel("x")] partial class Gr__e;
            namespace A { [KanModel("x")] partial class B { [KanModel("x")] partial class C; } }
            namespace A.b { [KanModel("x")] partial class C; }
            """);
        Assert.Equal(7, run.Sources.Count);
        Assert.Equal(7, run.Sources.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(run.Sources.Keys, static name => Assert.Matches("^[A-Za-z0-9_.]+$", name));
    }

    [Fact]
    public void A_name_is_the_same_in_every_run() => Assert.Equal("Demo.Risk.8550d8eb.g.cs", HintName.Create("Demo.Risk"));

    [Fact]
    public void A_long_name_is_cut() => Assert.InRange(HintName.Create(new string('x', 1000)).Length, 1, 128);
}
