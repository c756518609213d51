using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;

namespace Kan.Interchange;

/// <summary>
/// A property of a network for verifiers: a box of inputs, and what the outputs of a counterexample would satisfy. The property holds when
/// no input of the box has such outputs; a verifier then answers "unsat".
/// </summary>
public sealed class VnnLibProperty
{
    /// <summary>A property.</summary>
    /// <param name="box">A closed interval for each input.</param>
    /// <param name="outputCount">The number of outputs.</param>
    /// <param name="counterexamples">At least one list must hold as a whole.</param>
    /// <exception cref="ArgumentException">An empty interval, an output that does not exist, or nothing to refute.</exception>
    public VnnLibProperty(IEnumerable<InputRange> box, int outputCount, IEnumerable<IEnumerable<OutputConstraint>> counterexamples)
    {
        Box = [.. box];
        OutputCount = outputCount;
        Counterexamples = [.. counterexamples.Select(static all => all.ToImmutableArray())];
        InputBox(Box);
        if (Counterexamples.IsEmpty || Counterexamples.Any(static all => all.IsEmpty))
            throw new ArgumentException("A property needs conditions that a counterexample would satisfy.", nameof(counterexamples));
        foreach (var constraint in Counterexamples.SelectMany(static all => all))
        {
            if (constraint.Output < 0 || constraint.Output >= outputCount || constraint.Other < 0 || constraint.Other >= outputCount)
                throw new ArgumentException($"A condition names output {constraint.Output} or {constraint.Other}; there are {outputCount}.",
                    nameof(counterexamples));
        }
    }

    /// <summary>A closed interval for each input.</summary>
    public ImmutableArray<InputRange> Box { get; }

    /// <summary>The number of outputs.</summary>
    public int OutputCount { get; }

    /// <summary>The conditions of a counterexample, which satisfies all conditions of at least one list.</summary>
    public ImmutableArray<ImmutableArray<OutputConstraint>> Counterexamples { get; }

    /// <summary>
    /// Robustness around a sample: no input that differs from it by at most a distance in each number has another class. The class is the
    /// largest output; of a single output, its sign.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="sample">The inputs in the middle of the box.</param>
    /// <param name="radius">The distance, at least 0.</param>
    /// <param name="within">The possible range of the inputs: one range for each, one for all, or empty.</param>
    /// <exception cref="ArgumentException">
    /// A wrong number of inputs or ranges, a negative radius, a sample outside, or between two classes.
    /// </exception>
    public static VnnLibProperty Robustness(KanNetwork network, IReadOnlyList<Rational> sample, Rational radius,
        params IReadOnlyList<InputRange> within)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(within);
        if (sample.Count != network.InputCount)
            throw new ArgumentException($"The network has {network.InputCount} inputs; the sample has {sample.Count}.", nameof(sample));
        if (radius.Sign < 0) throw new ArgumentException("A distance must not be negative.", nameof(radius));
        if (within.Count > 1 && within.Count != network.InputCount)
            throw new ArgumentException($"The network has {network.InputCount} inputs; there are {within.Count} ranges.", nameof(within));

        InputRange[] box = [.. sample.Select((value, i) =>
        {
            var range = new InputRange(value - radius, value + radius);
            if (within.Count == 0) return range;
            var limit = within[within.Count == 1 ? 0 : i];
            if (value < limit.Low || value > limit.High)
                throw new ArgumentException($"Input {i} of the sample is {value.ToDouble()}, outside its range.", nameof(sample));
            return new InputRange(Rational.Max(range.Low, limit.Low), Rational.Min(range.High, limit.High));
        })];
        var outputs = network.Evaluate(sample);
        if (outputs.Length == 1)
        {
            if (outputs[0].IsZero) throw new ArgumentException("The output at the sample is 0, which has neither sign.", nameof(sample));
            return new VnnLibProperty(box, 1, [[new OutputConstraint(0, IsAtLeast: outputs[0].Sign < 0, null, Rational.Zero)]]);
        }

        int label = 0;
        for (int q = 1; q < outputs.Length; q++)
        {
            if (outputs[q] > outputs[label]) label = q;
        }

        var others = Enumerable.Range(0, outputs.Length).Where(q => q != label).ToArray();
        if (others.Any(q => outputs[q] == outputs[label]))
            throw new ArgumentException("Two outputs are equal and largest at the sample, so it has no class.", nameof(sample));
        return new VnnLibProperty(box, outputs.Length,
            others.Select(q => (IEnumerable<OutputConstraint>)[new OutputConstraint(q, IsAtLeast: true, label, Rational.Zero)]));
    }

    /// <summary>Outputs that stay strictly inside intervals.</summary>
    /// <param name="box">A closed interval for each input.</param>
    /// <param name="outputs">An interval for each output.</param>
    /// <exception cref="ArgumentException">An empty interval, or none.</exception>
    public static VnnLibProperty OutputsWithin(IEnumerable<InputRange> box, IReadOnlyList<InputRange> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        return new VnnLibProperty(box, outputs.Count, outputs.SelectMany(static (range, q) => (IEnumerable<IEnumerable<OutputConstraint>>)
            [[new OutputConstraint(q, IsAtLeast: false, null, range.Low)], [new OutputConstraint(q, IsAtLeast: true, null, range.High)]]));
    }

    /// <summary>Whether inputs are in the box and outputs are those of a counterexample.</summary>
    /// <exception cref="ArgumentException">A wrong number of inputs or outputs.</exception>
    public bool IsCounterexample(IReadOnlyList<Rational> inputs, IReadOnlyList<Rational> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        if (inputs.Count != Box.Length || outputs.Count != OutputCount)
            throw new ArgumentException($"The property is about {Box.Length} inputs and {OutputCount} outputs, not {inputs.Count} and "
                + $"{outputs.Count}.", nameof(inputs));
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] < Box[i].Low || inputs[i] > Box[i].High) return false;
        }

        return Counterexamples.Any(all => all.All(constraint =>
        {
            var left = outputs[constraint.Output];
            var right = constraint.Other is { } other ? outputs[other] : constraint.Value;
            return constraint.IsAtLeast ? left >= right : left <= right;
        }));
    }

    /// <summary>The text of the <c>.vnnlib</c> file, with LF line ends.</summary>
    /// <param name="comment">Lines that describe the property.</param>
    public string ToText(params IReadOnlyList<string> comment) => VnnLibWriter.Write(this, comment);

    /// <summary>Writes the file completely or not at all.</summary>
    /// <param name="path">The file; missing folders are created.</param>
    /// <param name="comment">Lines that describe the property.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public void Save(string path, params IReadOnlyList<string> comment)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToText(comment)));
    }

    private static void InputBox(ImmutableArray<InputRange> box)
    {
        for (int i = 0; i < box.Length; i++)
        {
            if (box[i].Low > box[i].High) throw new ArgumentException($"The interval of input {i} is empty.", nameof(box));
        }
    }
}
