using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Kan.Generators.Tests.Functions.Trees;

namespace Kan.Fuzzing.Sources;

/// <summary>
/// Sound C#: every kind of declaration, used from code that breaks when its members are missing, and random edge functions.
/// </summary>
internal static class SourceSeeds
{
    private const int Trees = 24;

    private static readonly string[] s_written =
    [
        """
        using Kan;
        namespace Demo.Inner
        {
            [KanNetwork(2, 1, Precision = Precision.Double)]
            [Edge(0, 0, 0, Breakpoints = [-1, 0], Slopes = [0, 0.5, -1], ValueAtZero = 0.25)]
            [Edge(0, 1, 0, Slopes = new double[] { 2 })]
            public sealed partial class Risk { static double Use() => Evaluate(1, 2) + InputCount; }
        }
        """,
        """
        using System;
        using Kan;
        [KanNetwork(2, 2, 1)]
        [Edge(1, 0, 0, Slopes = [1])]
        static partial class Tax
        {
            private const double Limit = 10_000;
            [EdgeFunction(0, 0, 0)] private static double Due(double income) => 0.2 * Math.Max(0, income - Limit);
            [EdgeFunction(0, new[] { 0, 1 }, 1)] static double Two(double x, double y) { double s = 0; for (int i = 0; i < 3; i++) { s += Math.Abs(x - i); } return s + Bend(y); }
            [EdgeFunction(1, 1, 0)] static double Bend(double v) => v switch { < 0 => 0, < 1 => v, _ => 1 };
            static void Use(float[] x, float[] y) => EvaluateBatch(x, y);
        }
        """,
        """
        using Kan;
        partial class Outer
        {
            [KanModel("a.onnx", Lowering = Lowering.Rows)] public partial record struct Net { static string Use() => Info.Name; }
        }
        [KanModel(file: "models/b.onnx")] partial class Other { static float Use(float x) => Evaluate(x); }
        """,
        """
        using Kan;
        public static partial class Curves
        {
            [PiecewiseLinear(Breakpoints = [0, 10, 20], Slopes = [0, 1, 3, 0], ValueAtZero = -1.5e2)] public static partial double Discount(double x);
            [PiecewiseLinear(Slopes = [1f])] internal static partial float Same(float @in);
            static double Use() => Discount(2) + Same(3);
        }
        """,
        """
        using System;
        using Kan;
        static partial class Curves
        {
            [PiecewiseLinear(Function = nameof(Ramp))] public static partial double Curve(double x);
            static double Ramp(double x) { if (x < 0) return 0; double y = Helper.Scale * x; return y > 1 ? 1 : y; }
            static double Use() => Curve(0.5);
        }
        static class Helper { public const double Scale = 0.5; }
        """,
        """
        using System;
        using Kan;
        [KanNetwork(1, 1, Precision = Precision.Double, Lowering = Lowering.Relu)]
        static partial class Steps
        {
            [EdgeFunction(0, 0, 0)] static double Edge(double x)
            {
                double c = 1.1; int n = 0;
                while (n < 8) { c = c * 0.5 + 0.25; n++; if (n == 6) break; }
                foreach (double k in new[] { -1.0, 0.0, 2.5 }) c += k * k;
                double y = Math.Clamp(x, -c, c);
                switch (n) { case 6: y = Math.Min(y, 1); break; default: y += 1; break; }
                do { y = y / 2; n--; } while (n > 3);
                return Line(y, c) - (x <= 0 ? 0 : x < 1 ? x : 1);
            }
            static double Line(double x, double slope) { var (a, b) = (slope, 2 * slope); return a * x + b; }
        }
        """,
        """
        using Kan;
        [KanNetwork(3, 2, 2)]
        [Edge(0, 0, 0, Slopes = [1], ValueAtZero = 1)]
        [Edge(0, 1, 1, Breakpoints = [0], Slopes = [-1, 1])]
        [Edge(0, 2, 1, Breakpoints = [-1e3, 0, 1e3], Slopes = [0, 1, 2, 0])]
        [Edge(1, 0, 0, Slopes = [1e-3])]
        [Edge(1, 1, 1, Breakpoints = [0.1], Slopes = [0, 1])]
        public partial struct Wide { static void Use(float[] x, float[] y) { EvaluateBatch(x, y); _ = OutputCount; } }
        """,
    ];

    private static readonly string[] s_all = [.. s_written, .. Enumerable.Range(0, Trees).Select(Tree)];

    public static int Count => s_all.Length;

    public static string Get(int index) => s_all[index];

    /// <summary>A class whose edges are random methods.</summary>
    private static string Tree(int seed)
    {
        var random = new Random(seed);
        bool isSingle = seed % 4 == 3;
        var helpers = new List<Method> { new TreeGenerator(random, isSingle, []).Expression("H", 2) };
        var edges = new TreeGenerator(random, isSingle, helpers);
        var text = new StringBuilder("using System;\nusing Kan;\n[KanNetwork(1, 1, Precision = Precision.")
            .Append(isSingle ? "Single" : "Double").Append(")]\nstatic partial class Net\n{\n").Append(helpers[0].Text);
        text.Append("[EdgeFunction(0, 0, 0)] ")
            .Append(seed % 3 == 0 ? edges.Block("F", 1 + (seed % 3)).Text : edges.Expression("F", 1 + (seed % 4)).Text);
        return text.Append("}\n").ToString();
    }
}
