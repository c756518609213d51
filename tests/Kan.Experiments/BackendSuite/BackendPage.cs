using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Kan.Experiments.Reports;
using Kan.Testing;

namespace Kan.Experiments.BackendSuite;

/// <summary>The page about the test suite of ONNX.</summary>
internal static class BackendPage
{
    private const string Name = "onnx-backend";
    private const int MostOperators = 10;

    private static readonly (BackendClass Class, string Words)[] s_rows =
    [
        (BackendClass.Passes, "exact networks that give the recorded numbers"),
        (BackendClass.PassesWithinTolerance, "approximations that give them within their certificate"),
        (BackendClass.PassesWithHead, "networks that give them with the last step kept behind them"),
        (BackendClass.OtherAxis, "the recorded numbers, but with the samples along another axis"),
        (BackendClass.Refused, "refused"),
        (BackendClass.CalledDamaged, "refused as damaged, which none is"),
        (BackendClass.CannotCompile, "converted, but too large to compile"),
        (BackendClass.Crashed, "failed"),
        (BackendClass.Wrong, "other numbers"),
    ];

    public static void Write(IReadOnlyList<BackendOutcome> outcomes) =>
        new ReportFolder(Repository.PathOf("docs/experiments")).Write(Name, Text(outcomes));

    private static string Text(IReadOnlyList<BackendOutcome> outcomes)
    {
        var fitting = outcomes.Where(static outcome => outcome.Class != BackendClass.DoesNotFit).ToList();
        int Count(BackendClass kind) => fitting.Count(outcome => outcome.Class == kind);
        int passing = Count(BackendClass.Passes) + Count(BackendClass.PassesWithinTolerance) + Count(BackendClass.PassesWithHead);
        var text = new StringBuilder("# The test suite of ONNX\n\n").Append(Page.ResultMark).Append(string.Create(
            CultureInfo.InvariantCulture,
            $"of {fitting.Count:N0} tests that fit {passing} give the recorded numbers, {Count(BackendClass.OtherAxis)} along another axis, "
            + $"and {Count(BackendClass.Refused)} are refused; {fitting.Count(static outcome => outcome.IsFault)} are wrong, called damaged or "
            + $"cannot be compiled\n\n"));
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            Produced by `dotnet run -c Release --project tests/Kan.Experiments -- backend-suite FOLDER`, and again with `--page`. The folder is
            `onnx/backend/test/data` of ONNX 1.18.0, which is not part of this repository: {outcomes.Count:N0} models with inputs and outputs that its
            authors computed.

            A test fits if it has an input of floating-point numbers and its first output is one: {fitting.Count:N0} do, {Others(BackendTest.NoFloatInput)}
            have no such input, {Others(BackendTest.OtherOutput)} another output, {Others(BackendTest.NoTensor)} sequences or optional values. The first such input
            is the data; the others are made constants, in memory. The importer gets the model as it is; if it refuses, with a tolerance of
            {BackendRun.Tolerance:0e-0} on the interval from the least to the largest number of the data; then with `Head="keep"`; then with both. What it
            makes is planned by the compiler, without a word of C#, and evaluated in `float` and in `double` in the arithmetic of generated code.
            Numbers are the recorded ones if they differ by the certified error of the approximation and {BackendRun.Rounding:0e-0} of the largest number, which
            allows for the rounding of both ({BackendRun.HalfRounding:0e-0} and {BackendRun.BrainRounding:0e-0} where they are recorded in 16 bits);
            those recorded with few digits ({fitting.Count(static outcome => outcome.Message == BackendRun.FewDigits)} test) are compared with the tolerance of the suite. The largest differences of exact
            networks that are recorded in 32 bits or more are {Worst(static outcome => outcome.Difference.Single):E1} in `float` and {Worst(static outcome => outcome.Difference.Double):E1} in `double`, relative to the largest number.

            | outcome | tests |
            |---|---:|

            """));
        foreach (var (kind, words) in s_rows) text.Append(CultureInfo.InvariantCulture, $"| {words} | {Count(kind)} |\n");
        text.Append("\n## What is refused\n\n| reason | tests | operators |\n|---|---:|---|\n");
        foreach (var group in fitting.Where(static outcome => outcome.Class == BackendClass.Refused)
            .GroupBy(static outcome => BackendReasons.Of(outcome.Message)).OrderByDescending(static group => group.Count())
            .ThenBy(static group => group.Key, StringComparer.Ordinal))
        {
            var operators = BackendReasons.Operators(group).ToList();
            string names = string.Join(", ", operators.Take(MostOperators)
                .Select(static pair => FormattableString.Invariant($"{pair.Operator} {pair.Count}")));
            text.Append(CultureInfo.InvariantCulture,
                $"| {group.Key} | {group.Count()} | {names}{(operators.Count > MostOperators ? ", ..." : "")} |\n");
        }

        text.Append("\nMany tests are the same operator once more, written out as a graph: attention and normalization "
            + "make most of the first row.\n");
        return text.ToString();

        int Others(string obstacle) => outcomes.Count(outcome => outcome.Message == obstacle);
        double Worst(Func<BackendOutcome, double> difference) => fitting.Where(static outcome => outcome.Class == BackendClass.Passes
            && outcome.Message.Length == 0 && !outcome.IsOfSixteenBits).Select(difference).Where(double.IsFinite).Append(0).Max();
    }
}
