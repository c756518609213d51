using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Threading;
using Kan.Analysis;
using Kan.Interchange;
using Spectre.Console;

namespace Kan.Tool;

/// <summary><c>kan prove MODEL --range 0,1</c>: whether a model does what it must, for all inputs in a box.</summary>
internal static class ProveCommand
{
    public static Command Create()
    {
        var model = ModelOptions.ModelArgument();
        var statements = new StatementOptions();
        var seconds = new Option<double>("--seconds")
        {
            Description = "The maximum number of seconds to spend before the answer is "
            + "undecided; 0 for no limit.",
            DefaultValueFactory = static _ => 60,
            HelpName = "seconds"
        };
        seconds.Validators.Add(static result =>
        {
            if (!(result.GetValueOrDefault<double>() >= 0)) result.AddError("The time limit must be a non-negative number of seconds.");
        });
        var exact = new Option<bool>("--exact")
        {
            Description =
            "Prove the exact function, without a margin for the rounding of the generated code."
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The file to which a proof is written, for --check.",
            HelpName = "file"
        };
        var check = new Option<string?>("--check")
        {
            Description =
            "Check a proof that was written with --output instead of looking for one.",
            HelpName = "file"
        };
        var options = new ModelOptions();
        var compiled = new CompilationOptions();
        var json = CommandRunner.JsonOption();
        var command = new Command("prove", "Decide whether a model does what it must for all inputs in a box, with a proof or with "
            + "inputs for which it does not.") { model, seconds, exact, output, check, json };
        statements.AddTo(command);
        options.AddTo(command);
        compiled.AddTo(command);
        command.SetWork(json, (result, screen, token) =>
        {
            string path = result.GetValue(model)!;
            var document = options.Read(result, screen, path).Document;
            var question = statements.Read(result, document);
            var network = screen.Wait("Expanding", () => document.Expand(token));
            var code = result.GetValue(exact) || question.Statement is not OutputStatement
                ? null
                : ComputedCode.Of(document, question.Box, compiled.Precision(result), compiled.Lowering(result), token);
            if (result.GetValue(check) is { } proof)
            {
                return Check(screen, network, question, Codes(), proof, token);

                // What the build proves may have the margin that is certified for all declared inputs.
                IEnumerable<ComputedCode> Codes()
                {
                    if (code is null) yield break;
                    yield return code;
                    if (Contains(document, question.Box)) yield return ComputedCode.Of(document, document.InputRanges,
                        compiled.Precision(result), compiled.Lowering(result), token);
                }
            }

            double limit = result.GetValue(seconds);
            var prover = new ProverOptions { TimeLimit = limit is 0 or > 1e6 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(limit) };
            var answer = Prove(screen, network, question, code, prover, token);
            if (answer.Result.Proof is { } found && result.GetValue(output) is { } file)
            {
                using var text = new StringWriter(CultureInfo.InvariantCulture);
                found.Write(text);
                Conversion.WriteAtomically(file, text.ToString());
            }

            Report(screen, document, question,
                code ?? ComputedCode.Of(document, question.Box, compiled.Precision(result), compiled.Lowering(result), token), answer);
            return answer.Result.Verdict switch
            {
                ProofVerdict.Proved => ExitCode.Success,
                ProofVerdict.Refuted => ExitCode.Different,
                _ => ExitCode.Undecided,
            };
        });
        return command;
    }

    /// <summary>The statement with the margin of the rounding first: it is the stronger one.</summary>
    private static Answer Prove(Screen screen, KanNetwork network, Question question, ComputedCode? code, ProverOptions options,
        CancellationToken token)
    {
        long start = TimeProvider.System.GetTimestamp();
        if (code is { HasBound: true })
        {
            var stronger = screen.Progress("Proving",
                report => Prover.Prove(network, code.WithMargin((OutputStatement)question.Statement), With(options, report), token));
            bool isNear = stronger.Violation is { } near && !((OutputStatement)question.Statement).IsViolated(near);
            if (!isNear) return new Answer(stronger, stronger.Verdict == ProofVerdict.Proved);
            if (code.Breaks((OutputStatement)question.Statement, stronger.Violation!)) return new Answer(stronger, true);
        }

        var left = options.TimeLimit == Timeout.InfiniteTimeSpan
            ? options.TimeLimit
            : options.TimeLimit - TimeProvider.System.GetElapsedTime(start);
        var result = screen.Progress("Proving",
            report =>
            Prover.Prove(network, question.Statement,
            With(options with { TimeLimit = left == Timeout.InfiniteTimeSpan || left > TimeSpan.Zero ? left : TimeSpan.Zero }, report),
            token));
        return new Answer(result, false);
    }

    private static ProverOptions With(ProverOptions options, Action<double> report) => options with { Progress = new ShareReport(report) };

    /// <summary>
    /// The network that a proof is about: the model, or what is compiled of it, the same function without what has no effect.
    /// </summary>
    private static KanNetwork Proved(KanNetwork network, Proof proof, CancellationToken token)
    {
        if (ContentHash.ComputeUnlessCancelled(network, token) == proof.NetworkHash) return network;
        var compiled = NetworkSimplifier.Simplify(network, token);
        return ContentHash.ComputeUnlessCancelled(compiled, token) == proof.NetworkHash ? compiled : network;
    }

    /// <summary>Whether a box is part of the declared ranges.</summary>
    private static bool Contains(KanDocument document, ImmutableArray<InputRange> box) => !document.InputRanges.IsEmpty
        && ModelOptions.ForEach(document.InputRanges, box.Length, "The model").Zip(box)
            .All(static pair => pair.First.Low <= pair.Second.Low && pair.Second.High <= pair.First.High);

    private static int Check(Screen screen, KanNetwork network, Question question, IEnumerable<ComputedCode> codes, string file,
        CancellationToken token)
    {
        Proof proof;
        try
        {
            proof = Proof.Read(new StringReader(Encoding.UTF8.GetString(DataFile.ReadAllBytes(file))));
        }
        catch (FormatException exception)
        {
            throw ToolException.BadData(file, exception.Message);
        }

        string? fault = screen.Wait("Checking", () =>
        {
            var stronger = codes.Where(static code => code.HasBound)
                .Select(code => code.WithMargin((OutputStatement)question.Statement))
                .FirstOrDefault(statement => statement.Hash == proof.StatementHash);
            return proof.Check(Proved(network, proof, token), stronger ?? question.Statement, token);
        });
        if (screen.Json)
            screen.WriteJson(new
            {
                Verdict = fault is null ? "proved" : "undecided",
                question.Text,
                Leaves = proof.LeafCount,
                Explanation = fault ?? "Every step of the proof was derived again."
            });
        else screen.Verdict(fault is null ? "proved" : "undecided", fault is null ? Color.Green : Color.Yellow,
            fault is null ? $": {question.Text}. Every step of the proof was derived again, {NumberText.Count(proof.LeafCount, "part")}."
            : $": the proof was not accepted. {fault}");
        return fault is null ? ExitCode.Success : ExitCode.Undecided;
    }

    private static void Report(Screen screen, KanDocument document, Question question, ComputedCode code, Answer answer)
    {
        var result = answer.Result;
        string about = answer.IsComputed ? $"the code as it computes ({code.Description})" : "the exact function";
        var found = result.Violation is { } violation ? code.Run(violation) : null;
        if (screen.Json)
        {
            screen.WriteJson(new
            {
                result.Verdict,
                Statement = question.Text,
                About = answer.IsComputed ? "computed" : "exact",
                RoundingBound = code.HasBound ? code.Bound : (double?)null,
                result.Explanation,
                Parts = result.PartCount,
                result.ProvedShare,
                Seconds = result.Elapsed.TotalSeconds,
                CheckSeconds = result.CheckTime.TotalSeconds,
                Counterexample = result.Violation is not { } point ? null : new
                {
                    Inputs = NumberText.Of(point.Inputs),
                    Outputs = NumberText.Of(point.Outputs),
                    OtherInputs = point.OtherInputs.IsEmpty ? null : NumberText.Of(point.OtherInputs),
                    OtherOutputs = point.Other.IsEmpty ? null : NumberText.Of(point.Other),
                    ComputedInputs = found?.Inputs,
                    ComputedOutputs = found?.Outputs,
                },
            });
            return;
        }

        var (word, color) = result.Verdict switch
        {
            ProofVerdict.Proved => ("proved", Color.Green),
            ProofVerdict.Refuted => ("refuted", Color.Red),
            _ => ("undecided", Color.Yellow),
        };
        screen.Verdict(word, color, $": {question.Text}. {result.Explanation}");
        if (result.Verdict == ProofVerdict.Proved) screen.Line($"about        {about}");
        if (result.Violation is not { } inputs) return;
        Print(screen, inputs.Inputs, inputs.Outputs);
        if (!inputs.OtherInputs.IsEmpty)
        {
            screen.Line("and");
            Print(screen, inputs.OtherInputs, inputs.Other);
        }

        if (found is { } run) screen.Line($"the code computes {NumberText.Vector(run.Outputs)} for the nearest floats of these inputs");
        if (document.InputNames.Length == inputs.Inputs.Length)
        {
            var named = document.InputNames.Take(16)
                .Select((name, i) => $"{MessageText.Name(name)} = {NumberText.Of(inputs.Inputs[i].ToDouble())}");
            screen.Line($"inputs       {string.Join(", ", named)}");
        }
    }

    /// <summary>A point as the verification competition writes it.</summary>
    private static void Print(Screen screen, ImmutableArray<Rational> inputs, ImmutableArray<Rational> outputs)
    {
        var lines = inputs.Select(static (value, i) => $"(X_{i} {NumberText.Of(value.ToDouble())})")
            .Concat(outputs.Select(static (value, i) => $"(Y_{i} {NumberText.Of(value.ToDouble())})")).ToArray();
        for (int i = 0; i < lines.Length; i++) screen.Line((i == 0 ? "(" : " ") + lines[i] + (i == lines.Length - 1 ? ")" : ""));
    }

    /// <param name="Result">The answer.</param>
    /// <param name="IsComputed">Whether it is about the code as it computes, not about the exact function alone.</param>
    private sealed record Answer(ProofResult Result, bool IsComputed);

    private sealed class ShareReport(Action<double> report) : IProgress<ProofProgress>
    {
        public void Report(ProofProgress value) => report(value.Share);
    }
}
