using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Fuzzing.Sources;

/// <summary>C# sources, token by token, through the generator and the analyzer.</summary>
internal sealed class SourceEngine : StructuredEngine<List<string>>
{
    private static readonly string[] s_numbers =
    [
        "1e", "0x", "1_", ".", "1e999", "1..2", "99999999999999999999", "-", "1f", "1m", "double.NaN", "-0.0", "1/0", "null", "\"1\"",
            "'1'", "1e308", "1e-308", "5e-324", "3.4e38f", "0.1", "1e-45f", "int.MaxValue", "int.MinValue",
        "1000000", "100000", "2000000000", "double.PositiveInfinity", "double.MaxValue", "double.Epsilon", "float.MaxValue", "(1 + 2)",
            "1L", "1u", "0b1", "default", "nameof(x)", "sizeof(int)", "'\\u202E'", "17",
    ];

    private static readonly string[] s_pieces =
    [
        "{", "}", "(", ")", "[", "]", ";", ",", "=>", "partial", "static", "class", "?", "switch", "[Edge(", "[EdgeFunction(0,",
            "[KanNetwork]", "[KanModel(", "[PiecewiseLinear]", "=", "\"", "/*", "//", "#if", "new", "..", "@", "$\"", "\u0000", "<T>",
        "x * x", "x / x", "c = c * c;", "c = c / 3.3 + 0.7;", "x > 0 ? x :", "-", "!", "for (int j = 0; j < 1000000; j++)", "while (true)",
            "return x;", "return c;", "double c = 1.1;", "Math.Max(x, 0)", "Math.Sin(x)", "Math.Abs(", "+ x", "* 0.1", "goto a;", "a:",
            "checked(", "unsafe",
        "await", "dynamic", "ref", "in", "out", "params", "this", "base", "file", "record", "\u202E", "\\u0041", "Math.Clamp(x, 0, 1)",
            "MathF.Max(x, 1f)", "(float)", "(int)x", "throw null;", "try {", "lock", "Edge(x)", "F(x)", "H(x)", "#pragma warning disable",
            "#line 1 \"a\"", "#nullable", "[Edge(0, 0, 0, Slopes = [1])]",
    ];

    private static readonly string[] s_nests =
        ["(", "-", "x > 0 ? x : ", "!", "Math.Abs(", "x + ", "{", "if (x > 0) ", "(double)", "[", "new[] {", "x switch { _ => "];

    private readonly Dictionary<int, SourceSession> _sessions = [];

    /// <inheritdoc/>
    public override string Name => "cs";

    /// <inheritdoc/>
    public override string Subject => "C# by token, through generator and analyzer";

    /// <inheritdoc/>
    public override bool IsSource => true;

    /// <inheritdoc/>
    public override int SeedCount => SourceSeeds.Count;

    /// <inheritdoc/>
    public override int SegmentLength => 250;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder)
    {
        // One compilation for all, edited: what an editor does.
        if (!_sessions.TryGetValue(0, out var session)) _sessions.Add(0, session = new SourceSession());
        return session.Judge(Encoding.UTF8.GetString(input.Files[0].Bytes));
    }

    /// <inheritdoc/>
    public override void JudgeWithout(FuzzInput input)
    {
        // As often as a case compiles it: the processor time is limited for all of them together.
        for (int i = 0; i < SourceSession.Compilations; i++) SourceSession.Compile(Encoding.UTF8.GetString(input.Files[0].Bytes));
    }

    /// <inheritdoc/>
    protected override List<string> Seed(int index) =>
        [.. CSharpSyntaxTree.ParseText(SourceSeeds.Get(index)).GetRoot().DescendantTokens().Select(static token => token.ToFullString())];

    /// <inheritdoc/>
    protected override void Mutate(List<string> model, FuzzRandom random)
    {
        switch (random.Next(24))
        {
            case 0:
                Nest(model, random);
                break;
            case 1:
                AddMany(model, random);
                break;
            case 2:
                int at = random.Next(model.Count);
                string name = random.Name();
                if (model.Count > 0) model[at] = name + " ";
                break;
            case 3:
                int open = model.FindIndex(static token => token.Trim() == "[");
                if (open < 0) break;
                int close = model.FindIndex(open, static token => token.Trim() == "]");
                if (close < 0) break;
                int from = random.Next(open + 1, close + 1);
                model.RemoveRange(from, close + 1 - from);
                break;
            default:
                TokenMutator.Mutate(model, random, s_pieces, s_numbers);
                break;
        }
    }

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(List<string> model) => [new FuzzFile("Test.cs", Encoding.UTF8.GetBytes(string.Concat(model)))];

    /// <summary>An expression many levels deep.</summary>
    private static void Nest(List<string> model, FuzzRandom random)
    {
        string piece = random.Pick(s_nests);
        int depth = random.OneIn(8) ? random.Next(100, 3_001) : random.Next(1, 60);
        string close = piece switch { "(" or "Math.Abs(" => ")", "{" or "new[] {" or "x switch { _ => " => "}", "[" => "]", _ => "" };
        int at = model.FindLastIndex(static token => token.Trim() == "return") + 1;
        if (at == 0 || random.OneIn(4)) at = random.Next(model.Count + 1);
        var nested = new StringBuilder();
        for (int i = 0; i < depth; i++) nested.Append(piece).Append(piece.Length == 1 && piece != "(" ? " " : "");
        nested.Append('x');
        for (int i = 0; i < depth; i++) nested.Append(close);
        model.Insert(Math.Min(at, model.Count), nested.Append(random.OneIn(2) ? "; " : " ").ToString());
    }

    /// <summary>Many edges, breakpoints, parameters, statements or layers.</summary>
    private static void AddMany(List<string> model, FuzzRandom random)
    {
        int count = random.OneIn(4) ? random.Next(100, 2_000) : random.Next(2, 60);
        var numbers = Enumerable.Range(0, count).Select(static i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        string text = random.Next(5) switch
        {
            0 => string.Concat(numbers.Select(static i => $"[Kan.Edge(0, {i}, 0, Slopes = [1])] ")),
            1 => $"[Kan.Edge(0, 0, 0, Breakpoints = [{string.Join(", ", numbers)}], Slopes = [{string.Join(", ", numbers)}, 1])] ",
            2 => $"[Kan.KanNetwork({string.Join(", ", numbers)})] ",
            3 => string.Concat(numbers.Select(static i => $"x += Math.Max(x, {i}); ")),
            _ => string.Concat(numbers.Select(static i => $"c = c * c + {i}; ")),
        };
        string place = random.Next(5) switch { 0 or 1 or 2 => "[", _ => "return" };
        int at = model.FindIndex(token => token.Trim() == place);
        model.Insert(at < 0 ? random.Next(model.Count + 1) : at, text);
    }
}
