using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Threading;
using Kan.Analysis;
using Kan.Compiler;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>
/// Decides the contracts of a network. Contracts about values are about the code as it computes: the exact statement with a margin of the
/// certified error. Those about changes are about the exact network.
/// </summary>
internal sealed class ContractProver
{
    private readonly StatedNetwork _stated;
    private readonly KanNetwork _network;
    private readonly KanDocument _document;
    private readonly NetworkForm _form;
    private readonly Func<ImmutableArray<Rational>, ImmutableArray<InputRange>, (double[] Inputs, double[] Outputs)> _compute;

    public ContractProver(StatedNetwork stated, KanDocument document)
    {
        _stated = stated;
        _document = document;
        _network = NetworkSimplifier.Simplify(document.Expand(CancellationToken.None));
        _form = NetworkCompiler.Plan(document, stated.Precision, stated.Lowering).Form;
        _compute = stated.Precision == Precision.Single ? Computation<float>(_form) : Computation<double>(_form);
    }

    /// <summary>
    /// How far computed outputs can be from exact ones in a box: what is certified for the declared ranges, or for the box alone where that
    /// is less.
    /// </summary>
    private double ErrorIn(ImmutableArray<InputRange> box, CancellationToken cancellation)
    {
        if (box.IsEmpty || box.SequenceEqual(_stated.Ranges) || _stated.Precision == Precision.Int8) return _stated.ErrorBound;
        return Math.Min(_stated.ErrorBound, ComputedCode.Of(_document, box, _stated.Precision, _stated.Lowering, cancellation).Bound);
    }

    /// <summary>The inputs that a contract is about.</summary>
    private ImmutableArray<InputRange> BoxOf(StatedContract contract) => contract.Box.IsEmpty ? _stated.Ranges : contract.Box;

    private int Outputs => _network.OutputCount;

    /// <summary>The verdict on a contract.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="file">The file that it is about, or null.</param>
    /// <param name="seconds">How long to search.</param>
    /// <param name="cancellation">Stops the search.</param>
    public ContractResult Prove(StatedContract contract, string? file, double seconds, CancellationToken cancellation)
    {
        try
        {
            if (contract.Kind == "OutputRange" && IsComputedWithin(contract))
                return Result(ContractVerdict.Proved, "interval arithmetic in the code's own numbers keeps computed outputs there");
            return contract.Kind switch
            {
                "OutputRange" =>
                    OfOutputs(Range(contract), BoxOf(contract), ErrorIn(contract.Box, cancellation), seconds, cancellation).Result,
                "Satisfies" => Satisfies(Within(VnnLib.ReadFile(file!)), seconds, cancellation),
                "Robust" => Robust(contract, file!, seconds, cancellation),
                "Monotone" or "LipschitzBound" => OfSlopes(contract, seconds, cancellation),
                _ => Result(ContractVerdict.Wrong,
                    $"is of a kind that this version does not know, '{contract.Kind}': build the project again"),
            };
        }
        catch (VnnLibException exception)
        {
            return Result(ContractVerdict.Wrong,
                $"names a file that cannot be read: {exception.File}({exception.Line},{exception.Column}): {exception.Reason}");
        }
        catch (ToolException exception)
        {
            return Result(ContractVerdict.Wrong, $"names a file that cannot be read: {exception.Failure.ToCanonicalLine()}");
        }
        catch (Exception exception) when (exception is ArgumentException || FileFailure.Covers(exception))
        {
            return Result(ContractVerdict.Wrong, $"names a file that cannot be used: {exception.Message}");
        }

        ContractResult Result(ContractVerdict verdict, string reason) => new(verdict, reason, seconds);
    }

    /// <summary>
    /// Whether intervals of what is computed suffice: they do where the last step clamps, which the exact statement with a margin cannot
    /// show.
    /// </summary>
    private bool IsComputedWithin(StatedContract contract) => ComputedRanges.Of(_form, BoxOf(contract)) is { } ranges
        && ranges.Where((_, q) => contract.Output is null || q == contract.Output)
        .All(range => range.Low >= contract.Low && range.High <= contract.High);

    private OutputStatement Range(StatedContract contract) => OutputStatement.WithinRange(
        BoxOf(contract), Outputs, new InputRange(Rational.FromDouble(contract.Low), Rational.FromDouble(contract.High)), contract.Output);

    private ContractResult Satisfies(OutputStatement statement, double seconds, CancellationToken cancellation) =>
        OfOutputs(statement, _stated.Ranges, ErrorIn(StatementHull.Of(statement), cancellation), seconds, cancellation).Result;

    /// <summary>A statement within the declared ranges, outside of which nothing is certified.</summary>
    private OutputStatement Within(OutputStatement statement)
    {
        if (statement.Cases.FirstOrDefault(forbidden => forbidden.Box.Length != _network.InputCount) is { } other)
            throw new ArgumentException($"it is about {other.Box.Length} inputs, but the network has {_network.InputCount}");
        if (statement.Cases.Any(forbidden => forbidden.Box.Zip(_stated.Ranges)
            .Any(static pair => pair.First.Low < pair.Second.Low || pair.First.High > pair.Second.High)))
            throw new ArgumentException("it speaks of inputs outside the declared ranges, where no error bound is certified: widen the "
                + "ranges, or narrow the property");
        return statement;
    }

    /// <summary>The verdict on a statement about outputs, and a proof of it with the margin of an error.</summary>
    private (ContractResult Result, Proof? Proof) OfOutputs(OutputStatement statement, ImmutableArray<InputRange> box, double error,
        double seconds, CancellationToken cancellation)
    {
        if (!double.IsFinite(error)) return (new(ContractVerdict.Undecided,
            "no finite error bound is certified for its code, so nothing can be said about computed outputs (see KAN0501)", seconds), null);

        // With the margin first: a proof of that is all that is wanted.
        var withMargin = Search(statement.WithMargin(Rational.FromDouble(error)), seconds, cancellation);
        if (withMargin.Verdict == ProofVerdict.Proved)
            return (new(ContractVerdict.Proved, Proof(withMargin) + ", of computed outputs", seconds) { Proof = Text(withMargin.Proof!) },
                withMargin.Proof);
        if (withMargin.Verdict == ProofVerdict.Refuted && Breaks(statement, box, withMargin.Violation!.Inputs) is { } near)
            return (new(ContractVerdict.Broken, near, seconds), null);

        // What breaks the statement only with its margin may break nothing when computed.
        var exact = Search(statement, seconds, cancellation);
        if (exact.Verdict == ProofVerdict.Refuted && Breaks(statement, box, exact.Violation!.Inputs) is { } point)
            return (new(ContractVerdict.Broken, point, seconds), null);
        string reason = exact.Verdict switch
        {
            ProofVerdict.Proved => $"it holds for the exact network ({Proof(exact)}), but not by as much as computed outputs may differ "
                + $"from it, {Bound(error)}",
            ProofVerdict.Refuted => $"the exact network breaks it at {Point(exact.Violation!.Inputs)}, but by no more than computed "
                + $"outputs may differ from it, {Bound(error)}",
            _ => Undecided(exact),
        };
        return (new(ContractVerdict.Undecided, reason, seconds), null);
    }

    private ContractResult OfSlopes(StatedContract contract, double seconds, CancellationToken cancellation)
    {
        var bound = Rational.FromDouble(contract.High);
        var limits = Enumerable.Range(0, Outputs).Where(q => contract.Output is null || q == contract.Output)
            .Select(q => contract.Kind == "Monotone"
            ? new SlopeLimit(q, contract.Input, contract.IsIncreasing ? Rational.Zero : null, contract.IsIncreasing ? null : Rational.Zero)
            : new SlopeLimit(q, contract.Input, contract.Input is null ? null : -bound, bound));
        var result = Search(new SlopeStatement(BoxOf(contract), limits), seconds, cancellation);
        string error = double.IsFinite(_stated.ErrorBound)
            ? $", from which computed outputs differ by at most {Bound(_stated.ErrorBound)}"
            : "";
        return result.Verdict switch
        {
            ProofVerdict.Proved =>
                new(ContractVerdict.Proved, Proof(result) + ", of the exact network" + error, seconds) { Proof = Text(result.Proof!) },
            ProofVerdict.Refuted => new(ContractVerdict.Broken, Change(result.Violation!, BoxOf(contract)), seconds),
            _ => new(ContractVerdict.Undecided, Undecided(result), seconds),
        };
    }

    /// <summary>The change that breaks a contract, as the code computes it.</summary>
    private string Change(Violation violation, ImmutableArray<InputRange> box)
    {
        var (from, before) = _compute(violation.Inputs, box);
        var (to, after) = _compute(violation.OtherInputs, box);
        return $"from {Point(from, _stated.InputNames, "x")} to {Point(to, _stated.InputNames, "x")} the code computes "
            + $"{Point(before, _stated.OutputNames, "y")}, then {Point(after, _stated.OutputNames, "y")}";
    }

    private ContractResult Robust(StatedContract contract, string file, double seconds, CancellationToken cancellation)
    {
        var radius = Rational.FromDouble(contract.High);
        using var rows = RowSource<double>.Open(file, new RowColumns([.. RowColumns.Of(_stated.InputNames, _network.InputCount)]));
        double[] row = new double[_network.InputCount];
        var asked = new RobustRows(Outputs);
        int count = 0;
        for (int i = 1; rows.ReadFinite(row, file); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var box = row.Select((value, p) => new InputRange(
                Rational.Max(_stated.Ranges[p].Low, Rational.FromDouble(value) - radius),
                Rational.Min(_stated.Ranges[p].High, Rational.FromDouble(value) + radius))).ToImmutableArray();
            int outside = Enumerable.Range(0, box.Length).FirstOrDefault(p => box[p].Low > box[p].High, -1);
            if (outside >= 0) return new(ContractVerdict.Wrong, $"names a row outside the declared ranges: row {i} of {contract.File}, "
                + $"input {outside}", seconds);
            var (_, outputs) = _compute([.. row.Select(Rational.FromDouble)], _stated.Ranges);
            int largest = Array.IndexOf(outputs, outputs.Max());
            asked.Add(i, box, largest);
            count = i;
        }

        // One margin for all rows: what is certified around all of them.
        double error = ErrorIn(StatementHull.Of(asked.Statement), cancellation);
        var proofs = new List<(OutputStatement, Proof)>();
        foreach (var one in asked.Rows)
        {
            var (result, proof) = OfOutputs(one.Statement, one.Box, error, seconds, cancellation);
            if (result.Verdict != ContractVerdict.Proved) return result with
            {
                Reason = $"around row {one.Index} of {contract.File}, where "
                + $"output {one.Largest} is the largest, {result.Reason}"
            };
            proofs.Add((one.Statement.WithMargin(Rational.FromDouble(error)), proof!));
        }

        return new(ContractVerdict.Proved, $"shown for {NumberText.Count(count, "row")}, of computed outputs", seconds)
        {
            Proof = proofs.Count == 0 ? null : Text(Analysis.Proof.Join(proofs)),
        };
    }

    private ProofResult Search(Statement statement, double seconds, CancellationToken cancellation) =>
        Prover.Prove(_network, statement, new ProverOptions { TimeLimit = TimeSpan.FromSeconds(seconds) }, cancellation);

    /// <summary>The computed outputs near some inputs, if they break a statement; else null.</summary>
    private string? Breaks(OutputStatement statement, ImmutableArray<InputRange> box, ImmutableArray<Rational> inputs)
    {
        var (x, y) = _compute(inputs, box);
        if (y.Any(static value => !double.IsFinite(value))) return null;
        return statement.IsViolated(new Violation([.. x.Select(Rational.FromDouble)], [.. y.Select(Rational.FromDouble)], [], []))
            ? $"at {Point(x, _stated.InputNames, "x")} the code computes {Point(y, _stated.OutputNames, "y")}"
            : null;
    }

    /// <summary>What the code computes at the numbers of its type nearest to a point, of those within a box.</summary>
    private static Func<ImmutableArray<Rational>, ImmutableArray<InputRange>, (double[] Inputs, double[] Outputs)> Computation<T>(
        NetworkForm form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var evaluator = new ReferenceEvaluator<T>(form);
        return (point, box) =>
        {
            T[] inputs = [.. point.Select((value, p) => Nearest<T>(value, box[p]))];
            return ([.. inputs.Select(double.CreateChecked)], [.. evaluator.Evaluate(inputs).Select(double.CreateChecked)]);
        };
    }

    private static T Nearest<T>(Rational value, InputRange range)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rounded = T.CreateSaturating(value.ToDouble());
        if (Exact(rounded) > range.High) rounded = T.BitDecrement(rounded);
        else if (Exact(rounded) < range.Low) rounded = T.BitIncrement(rounded);
        return rounded;

        static Rational Exact(T number) => Rational.FromDouble(double.CreateChecked(number));
    }

    private string Point(ImmutableArray<Rational> inputs) =>
        Point([.. inputs.Select(static value => value.ToDouble())], _stated.InputNames, "x");

    private string Point(double[] values, ImmutableArray<string> names, string noun)
    {
        const int MostShown = 8;
        var parts = values.Take(MostShown)
            .Select((value, i) =>
                $"{(i < names.Length ? MessageText.Name(names[i]) : noun + i.ToString(CultureInfo.InvariantCulture))} = {Number(value)}");
        return string.Join(", ", parts) + (values.Length > MostShown ? ", ..." : "");
    }

    private static string Proof(ProofResult result) => $"proved in {NumberText.Count(result.PartCount, "part")}, each checked apart";

    private static string Text(Proof proof)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        proof.Write(text);
        return text.ToString();
    }

    private static string Undecided(ProofResult result) => result.Explanation.TrimEnd('.') + " (see KanProofSeconds)";

    /// <summary>A number of the type that the code computes in, in as few digits as tell it apart.</summary>
    private string Number(double value) => _stated.Precision == Precision.Single && (double)(float)value == value
        ? ((float)value).ToString("R", CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Bound(double value) => value.ToString("E1", CultureInfo.InvariantCulture);
}
