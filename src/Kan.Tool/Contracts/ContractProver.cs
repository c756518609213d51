using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Threading;
using Kan.Analysis;
using Kan.Compiler;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>
/// Decides the contracts of a network. Contracts about values are about the code as it computes: the exact statement with a margin of the certified error. Those
/// about changes are about the exact network.
/// </summary>
internal sealed class ContractProver
{
    private readonly StatedNetwork _stated;
    private readonly KanDocument _document;
    private readonly KanNetwork _network;
    private readonly Func<ImmutableArray<Rational>, (double[] Inputs, double[] Outputs)> _compute;

    public ContractProver(StatedNetwork stated, KanDocument document)
    {
        (_stated, _document) = (stated, document);
        _network = NetworkSimplifier.Simplify(document.Expand(CancellationToken.None));
        var form = NetworkCompiler.Plan(document, stated.Precision, stated.Lowering).Form;
        _compute = stated.Precision == Precision.Single ? Computation<float>(form) : Computation<double>(form);
    }

    private Rational Error => double.IsFinite(_stated.ErrorBound) ? Rational.FromDouble(_stated.ErrorBound) : Rational.Zero;

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
            if (double.IsInfinity(_stated.ErrorBound) && contract.Kind is "OutputRange" or "Robust" or "Satisfies")
                return Result(ContractVerdict.Undecided, "no finite error bound is certified for its code, so nothing can be said about computed outputs (see KAN0501)");
            return contract.Kind switch
            {
                "OutputRange" => OfOutputs(Range(contract), seconds, cancellation),
                "Satisfies" => OfOutputs(Within(VnnLib.ReadFile(file!)), seconds, cancellation),
                "Robust" => Robust(contract, file!, seconds, cancellation),
                "Monotone" or "LipschitzBound" => OfSlopes(contract, seconds, cancellation),
                _ => Result(ContractVerdict.Wrong, $"is of a kind that this version does not know, '{contract.Kind}': build the project again"),
            };
        }
        catch (VnnLibException exception)
        {
            return Result(ContractVerdict.Wrong, $"names a file that cannot be read: {exception.File}({exception.Line},{exception.Column}): {exception.Reason}");
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

    private OutputStatement Range(StatedContract contract) => OutputStatement.WithinRange(
        _stated.Ranges, Outputs, new InputRange(Rational.FromDouble(contract.Low), Rational.FromDouble(contract.High)), contract.Output);

    /// <summary>A statement within the declared ranges, outside of which nothing is certified.</summary>
    private OutputStatement Within(OutputStatement statement)
    {
        if (statement.Cases.FirstOrDefault(forbidden => forbidden.Box.Length != _network.InputCount) is { } other)
            throw new ArgumentException($"it is about {other.Box.Length} inputs, but the network has {_network.InputCount}");
        if (statement.Cases.Any(forbidden => forbidden.Box.Zip(_stated.Ranges).Any(static pair => pair.First.Low < pair.Second.Low || pair.First.High > pair.Second.High)))
            throw new ArgumentException("it speaks of inputs outside the declared ranges, where no error bound is certified: widen the ranges, or narrow the property");
        return statement;
    }

    private ContractResult OfOutputs(OutputStatement statement, double seconds, CancellationToken cancellation)
    {
        // With the margin first: a proof of that is all that is wanted.
        var withMargin = Search(statement.WithMargin(Error), seconds, cancellation);
        if (withMargin.Verdict == ProofVerdict.Proved) return new(ContractVerdict.Proved, Proof(withMargin) + ", of computed outputs", seconds);
        if (withMargin.Verdict == ProofVerdict.Refuted && Breaks(statement, withMargin.Violation!.Inputs) is { } near) return new(ContractVerdict.Broken, near, seconds);

        // What breaks the statement only with its margin may break nothing when computed.
        var exact = Search(statement, seconds, cancellation);
        if (exact.Verdict == ProofVerdict.Refuted && Breaks(statement, exact.Violation!.Inputs) is { } point) return new(ContractVerdict.Broken, point, seconds);
        string reason = exact.Verdict switch
        {
            ProofVerdict.Proved => $"it holds for the exact network ({Proof(exact)}), but not by as much as computed outputs may differ from it, {Number(_stated.ErrorBound)}",
            ProofVerdict.Refuted => $"the exact network breaks it at {Point(exact.Violation!.Inputs)}, but by no more than computed outputs may differ from it, {Number(_stated.ErrorBound)}",
            _ => Undecided(exact, seconds),
        };
        return new(ContractVerdict.Undecided, reason, seconds);
    }

    private static ContractResult OfSlopes(StatedContract contract, double seconds, CancellationToken cancellation) =>
        new(ContractVerdict.Undecided, "statements about changes are not searched yet", seconds);

    private ContractResult Robust(StatedContract contract, string file, double seconds, CancellationToken cancellation)
    {
        var radius = Rational.FromDouble(contract.High);
        using var rows = RowSource<double>.Open(file, new RowColumns([.. RowColumns.Of(_document.InputNames, _network.InputCount)]));
        double[] row = new double[_network.InputCount];
        int parts = 0;
        for (int i = 1; rows.Read(row); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var box = row.Select((value, p) => new InputRange(
                Rational.Max(_stated.Ranges[p].Low, Rational.FromDouble(value) - radius), Rational.Min(_stated.Ranges[p].High, Rational.FromDouble(value) + radius))).ToImmutableArray();
            int outside = Enumerable.Range(0, box.Length).FirstOrDefault(p => box[p].Low > box[p].High, -1);
            if (outside >= 0) return new(ContractVerdict.Wrong, $"names a row outside the declared ranges: row {i} of {contract.File}, input {outside}", seconds);
            var (_, outputs) = _compute([.. row.Select(Rational.FromDouble)]);
            int largest = Array.IndexOf(outputs, outputs.Max());
            var result = OfOutputs(OutputStatement.LargestIs(box, Outputs, largest), seconds, cancellation);
            if (result.Verdict != ContractVerdict.Proved) return result with { Reason = $"around row {i} of {contract.File}, where output {largest} is the largest, {result.Reason}" };
            parts = i;
        }

        return new(ContractVerdict.Proved, $"shown for {parts.ToString(CultureInfo.InvariantCulture)} rows, of computed outputs", seconds);
    }

    private ProofResult Search(Statement statement, double seconds, CancellationToken cancellation) =>
        Prover.Prove(_network, statement, new ProverOptions { TimeLimit = TimeSpan.FromSeconds(seconds) }, cancellation);

    /// <summary>The computed outputs near some inputs, if they break a statement; else null.</summary>
    private string? Breaks(OutputStatement statement, ImmutableArray<Rational> inputs)
    {
        var (x, y) = _compute(inputs);
        if (y.Any(static value => !double.IsFinite(value))) return null;
        ImmutableArray<Rational> exactX = [.. x.Select(Rational.FromDouble)], exactY = [.. y.Select(Rational.FromDouble)];
        bool isBroken = statement.Cases.Any(forbidden =>
            forbidden.Box.Zip(exactX).All(static pair => pair.First.Low <= pair.Second && pair.Second <= pair.First.High) && forbidden.Conditions.All(condition => condition.IsMet(exactX, exactY)));
        return isBroken ? $"at {Point(x, _document.InputNames, "x")} the code computes {Point(y, _document.OutputNames, "y")}" : null;
    }

    /// <summary>What the code computes at the numbers of its type nearest to a point, of those within the ranges.</summary>
    private Func<ImmutableArray<Rational>, (double[] Inputs, double[] Outputs)> Computation<T>(NetworkForm form)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var evaluator = new ReferenceEvaluator<T>(form);
        return point =>
        {
            T[] inputs = [.. point.Select((value, p) => Nearest<T>(value, _stated.Ranges[p]))];
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

    private string Point(ImmutableArray<Rational> inputs) => Point([.. inputs.Select(static value => value.ToDouble())], _document.InputNames, "x");

    private static string Point(double[] values, ImmutableArray<string> names, string noun)
    {
        const int MostShown = 8;
        var parts = values.Take(MostShown).Select((value, i) => $"{(i < names.Length ? MessageText.Name(names[i]) : noun + i.ToString(CultureInfo.InvariantCulture))} = {Number(value)}");
        return string.Join(", ", parts) + (values.Length > MostShown ? ", ..." : "");
    }

    private static string Proof(ProofResult result) => $"proved in {NumberText.Count(result.PartCount, "part")}, each checked apart";

    private static string Undecided(ProofResult result, double seconds) => string.Create(
        CultureInfo.InvariantCulture, $"{100 * result.ProvedShare:0.##} % of the inputs are proved after {seconds} s; set KanProofSeconds to search longer, narrow the ranges, or promise less");

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
