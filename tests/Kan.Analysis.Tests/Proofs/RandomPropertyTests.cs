using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Kan.Analysis.Tests.Proofs;

/// <summary>
/// Random properties as text, with negations, alternatives, and inputs and outputs in one condition, against the same formulas evaluated
/// at points: what is called proved has no such point, and what is called refuted has the one that is shown.
/// </summary>
public sealed class RandomPropertyTests
{
    private const int Inputs = 2, Outputs = 2, Points = 9;

    [Fact]
    public void Properties_mean_what_their_formulas_say()
    {
        int proved = 0, refuted = 0, mixed = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var network = ProofNetworks.Relu(random, Inputs, Outputs, hidden: 2, width: 4);
            var formulas = Enumerable.Range(0, random.Next(1, 3)).Select(_ => Formula.Random(random, random.Next(0, 3))).ToArray();
            string text = Text(formulas);
            if (formulas.Any(static formula => formula.IsMixed)) mixed++;
            var result = Prover.Prove(network, VnnLib.Parse(text), new ProverOptions { TimeLimit = TimeSpan.FromSeconds(5), Workers = 1 },
                TestContext.Current.CancellationToken);
            if (result.Violation is { } violation)
            {
                refuted++;
                Assert.All(violation.Inputs, static x => Assert.True(Rational.Abs(x) <= Rational.One));
                Assert.Equal(network.Evaluate(violation.Inputs), violation.Outputs);
                Assert.True(formulas.All(formula => formula.Holds([.. violation.Inputs], [.. violation.Outputs])), $"seed {seed}:\n{text}");
            }

            if (result.Verdict != ProofVerdict.Proved) continue;
            proved++;
            for (int i = 0; i < Points * Points; i++)
            {
                Rational[] x = [Rational.Create((2 * (i % Points)) - Points + 1, Points - 1),
                    Rational.Create((2 * (i / Points)) - Points + 1, Points - 1)];
                var y = network.Evaluate(x);
                Assert.False(formulas.All(formula => formula.Holds(x, y)), $"seed {seed} at {x[0]}, {x[1]}:\n{text}");
            }
        }

        Assert.InRange(proved, 80, 400);
        Assert.InRange(refuted, 80, 400);
        Assert.InRange(mixed, 100, 400);
    }

    private static string Text(IEnumerable<Formula> formulas) => string.Join('\n',
    [
        .. Enumerable.Range(0, Inputs).Select(static i => $"(declare-const X_{i} Real)"),
        .. Enumerable.Range(0, Outputs).Select(static i => $"(declare-const Y_{i} Real)"),
        .. Enumerable.Range(0, Inputs).Select(static i => $"(assert (>= X_{i} -1))\n(assert (<= X_{i} 1.0))"),
        .. formulas.Select(static formula => $"(assert {formula.Text})"),
    ]);

    /// <summary>A formula, as text and as what it says of inputs and outputs.</summary>
    private sealed record Formula(string Text, Func<Rational[], Rational[], bool> Holds, bool IsMixed)
    {
        public static Formula Random(Random random, int depth)
        {
            if (depth == 0) return Comparison(random);
            var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Random(random, depth - 1)).ToArray();
            string all = string.Join(' ', parts.Select(static part => part.Text));
            bool isMixed = parts.Any(static part => part.IsMixed);
            return random.Next(3) switch
            {
                0 => new($"(and {all})", (x, y) => parts.All(part => part.Holds(x, y)), isMixed),
                1 => new($"(or {all})", (x, y) => parts.Any(part => part.Holds(x, y)), isMixed),
                _ => new($"(not {parts[0].Text})", (x, y) => !parts[0].Holds(x, y), parts[0].IsMixed),
            };
        }

        private static Formula Comparison(Random random)
        {
            var (left, right) = (Term.Random(random), Term.Random(random));
            string[] relations = ["<=", ">=", "<", ">"];
            string relation = relations[random.Next(relations.Length)];
            return new($"({relation} {left.Text} {right.Text})", (x, y) => relation switch
            {
                "<=" => left.At(x, y) <= right.At(x, y),
                ">=" => left.At(x, y) >= right.At(x, y),
                "<" => left.At(x, y) < right.At(x, y),
                _ => left.At(x, y) > right.At(x, y),
            }, (left.HasInput || right.HasInput) && (left.HasOutput || right.HasOutput));
        }
    }

    /// <summary>A linear term, as text and as its value.</summary>
    private sealed record Term(string Text, Func<Rational[], Rational[], Rational> At, bool HasInput, bool HasOutput)
    {
        public static Term Random(Random random)
        {
            int i = random.Next(2), quarters = random.Next(-16, 17);
            var factor = Rational.Create(quarters, 4);
            string number = (quarters / 4.0).ToString(CultureInfo.InvariantCulture);
            switch (random.Next(6))
            {
                case 0:
                    return new(number, (_, _) => factor, false, false);
                case 1:
                    return new($"X_{i}", (x, _) => x[i], true, false);
                case 2:
                    return new($"Y_{i}", (_, y) => y[i], false, true);
                case 3:
                    return new($"(* {number} Y_{i})", (_, y) => factor * y[i], false, true);
                case 4:
                    return new($"(- Y_{i} (* {number} X_{1 - i}))", (x, y) => y[i] - (factor * x[1 - i]), true, true);
                default:
                    return new($"(+ Y_0 Y_1 X_{i} {number})", (x, y) => y[0] + y[1] + x[i] + factor, true, true);
            }
        }
    }
}
