using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Kan.Analysis;

/// <summary>What a network must do: a statement that holds for all its inputs or fails at one.</summary>
public abstract record Statement
{
    private protected Statement()
    {
    }

    /// <summary>The SHA-256 of what is stated, in lower-case hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToCanonicalText())));

    /// <summary>The statement as a text that no other statement has.</summary>
    internal abstract string ToCanonicalText();

    private protected static void Append(StringBuilder text, ImmutableArray<InputRange> box)
    {
        foreach (var range in box) text.Append(range.Low).Append(' ').Append(range.High).Append('\n');
    }

    private protected static void RequireBox(ImmutableArray<InputRange> box)
    {
        for (int i = 0; i < box.Length; i++)
        {
            if (box[i].Low > box[i].High)
                throw new ArgumentException($"The interval of input {i}, from {box[i].Low} to {box[i].High}, is empty.", nameof(box));
        }
    }
}

/// <summary>
/// What must not happen: inputs in a box at which all of some conditions hold. A case without conditions holds at every input of its box.
/// </summary>
/// <param name="Box">A closed interval for each input.</param>
/// <param name="Conditions">The conditions.</param>
public sealed record ForbiddenCase(ImmutableArray<InputRange> Box, ImmutableArray<LinearCondition> Conditions);

/// <summary>A statement about outputs: none of its cases happens. It holds if it has no case.</summary>
public sealed record OutputStatement : Statement
{
    /// <summary>A statement of cases.</summary>
    /// <exception cref="ArgumentException">Boxes or conditions of different sizes, or an empty interval.</exception>
    public OutputStatement(IEnumerable<ForbiddenCase> cases)
    {
        Cases = [.. cases];
        foreach (var forbidden in Cases)
        {
            RequireBox(forbidden.Box);
            if (forbidden.Box.Length != Cases[0].Box.Length)
                throw new ArgumentException("The cases have boxes of different numbers of inputs.", nameof(cases));
            foreach (var condition in forbidden.Conditions)
            {
                if (!condition.Inputs.IsEmpty && condition.Inputs.Length != forbidden.Box.Length)
                    throw new ArgumentException($"A condition has {condition.Inputs.Length} weights for the {forbidden.Box.Length} inputs.",
                        nameof(cases));
            }
        }
    }

    /// <summary>The cases, any of which breaks the statement.</summary>
    public ImmutableArray<ForbiddenCase> Cases { get; }

    /// <summary>Each output from one number to another for all inputs in a box.</summary>
    /// <param name="box">A closed interval for each input.</param>
    /// <param name="outputs">The number of outputs of the network.</param>
    /// <param name="range">The range that they must stay in.</param>
    /// <param name="output">The output in question, or null for every one.</param>
    public static OutputStatement WithinRange(ImmutableArray<InputRange> box, int outputs, InputRange range, int? output = null) => new(
        Enumerable.Range(0, outputs).Where(q => output is null || q == output).SelectMany(q => (ForbiddenCase[])
        [
            new(box, [new LinearCondition(Weights(outputs, (q, 1)), [], -range.Low, IsStrict: true)]),
            new(box, [new LinearCondition(Weights(outputs, (q, -1)), [], range.High, IsStrict: true)]),
        ]));

    /// <summary>One output larger than every other for all inputs in a box.</summary>
    /// <param name="box">A closed interval for each input.</param>
    /// <param name="outputs">The number of outputs of the network.</param>
    /// <param name="largest">The output that must be the largest.</param>
    public static OutputStatement LargestIs(ImmutableArray<InputRange> box, int outputs, int largest) => new(
        Enumerable.Range(0, outputs).Where(q => q != largest)
        .Select(q => new ForbiddenCase(box,
            [new LinearCondition(Weights(outputs, (largest, 1), (q, -1)), [], Rational.Zero, IsStrict: false)])));

    /// <summary>Whether a point is in the box of a case all of whose conditions its outputs meet.</summary>
    /// <param name="violation">The inputs, and the outputs that are said to be theirs.</param>
    public bool IsViolated(Violation violation)
    {
        ArgumentNullException.ThrowIfNull(violation);
        return Cases.Any(forbidden => forbidden.Box.Select((range, p) => range.Low <= violation.Inputs[p]
            && violation.Inputs[p] <= range.High).All(static isInside => isInside)
            && forbidden.Conditions.All(condition => condition.IsMet(violation.Inputs, violation.Outputs)));
    }

    /// <summary>
    /// The statement about exact outputs that implies this one about computed ones, which differ from the exact ones by at most an error
    /// each.
    /// </summary>
    /// <param name="error">The certified bound of |computed - exact|.</param>
    public OutputStatement WithMargin(Rational error) => new(Cases.Select(forbidden => forbidden with
    {
        Conditions =
            [.. forbidden.Conditions.Select(condition =>
            condition with { Constant = condition.Constant - (error * condition.OutputSize) })],
    }));

    /// <inheritdoc/>
    internal override string ToCanonicalText()
    {
        var text = new StringBuilder("outputs\n");
        foreach (var forbidden in Cases)
        {
            text.Append("case\n");
            Append(text, forbidden.Box);
            foreach (var condition in forbidden.Conditions)
                text.Append(condition.IsStrict ? "< " : "<= ").AppendJoin(' ', condition.Outputs).Append(" ; ")
                    .AppendJoin(' ', condition.Inputs).Append(" ; ").Append(condition.Constant).Append('\n');
        }

        return text.ToString();
    }

    private static ImmutableArray<Rational> Weights(int count, params ReadOnlySpan<(int Output, int Weight)> weights)
    {
        var all = new Rational[count];
        foreach (var (output, weight) in weights) all[output] = weight;
        return ImmutableArray.Create(all);
    }
}
