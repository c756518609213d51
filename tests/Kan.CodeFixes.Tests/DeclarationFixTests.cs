extern alias fixes;

using System.Threading.Tasks;
using fixes::Kan.CodeFixes.Declarations;
using Kan.CodeFixes.Tests.Harness;
using Xunit;

namespace Kan.CodeFixes.Tests;

public sealed class DeclarationFixTests
{
    [Fact]
    public Task ATypeIsMadePartial() => Fixing.Verify<MakePartialFix>(
        """
        /// <summary>Risk.</summary>
        [KanNetwork(1, 1)]
        // Twice the input.
        [Edge(0, 0, 0, Slopes = [2])]
        public sealed /* for good */ class {|KAN0001:Risk|}
        {
            public static float Use() => {|CS0103:Evaluate|}(1f);
        }

        [KanNetwork(1, 1)]
        struct {|KAN0001:S|};

        // A record.
        [KanNetwork(1, 1)] internal record struct {|KAN0001:R|};
        """,
        """
        /// <summary>Risk.</summary>
        [KanNetwork(1, 1)]
        // Twice the input.
        [Edge(0, 0, 0, Slopes = [2])]
        public sealed /* for good */ partial class Risk
        {
            public static float Use() => Evaluate(1f);
        }

        [KanNetwork(1, 1)]
        partial struct S;

        // A record.
        [KanNetwork(1, 1)] internal partial record struct R;
        """);

    [Fact]
    public Task TheTypesAroundAreMadePartialToo() => Fixing.Verify<MakePartialFix>(
        """
        // The outermost.
        class {|KAN0001:Outer|}
        {
            public partial class Middle
            {
                // The network.
                [KanNetwork(1, 1)] class {|KAN0001:Net|};
            }
        }
        """,
        """
        // The outermost.
        partial class Outer
        {
            public partial class Middle
            {
                // The network.
                [KanNetwork(1, 1)] partial class Net;
            }
        }
        """, iterations: 2);

    [Fact]
    public async Task TheTitleNamesTheTypes() => Assert.Equal(
        ["Make 'Outer' partial", "Make 'Outer' and 'Net' partial"],
        await Fixing.Titles<MakePartialFix>("class Outer { [KanNetwork(1, 1)] class Net; }"));
}
