using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Kan.Service.Load;

/// <summary>What a load came to, for people.</summary>
internal static class Report
{
    public static void Write(TextWriter output, IReadOnlyList<Answer> answers, int clients, double seconds, long memoryBefore,
        long memoryAfter)
    {
        var report = new StringBuilder();
        int right = answers.Count(static answer => answer.Outcome == Outcome.Right);
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{clients} clients for {seconds:F0} s: {answers.Count:N0} requests, {answers.Count / seconds:N0} a second");
        report.AppendLine(CultureInfo.InvariantCulture,
            $"right {right:N0}, wrong {Count(answers, Outcome.Wrong)}, refused {Count(answers, Outcome.Refused)}, cut off "
            + $"{Count(answers, Outcome.CutOff)}");
        report.AppendLine(CultureInfo.InvariantCulture,
            $"working set of the service: {memoryBefore >> 20} MiB before, {memoryAfter >> 20} MiB after");
        if (right == 0)
        {
            output.Write(report);
            return;
        }

        Answer[] sorted = [.. answers.Where(static answer => answer.Outcome == Outcome.Right)
            .OrderBy(static answer => answer.Milliseconds)];
        double[] evaluations = [.. sorted.Select(static answer => answer.EvaluationMicroseconds).Order()];
        report.AppendLine(CultureInfo.InvariantCulture,
            $"request     P50 {At(sorted, 0.5):F3} ms   P90 {At(sorted, 0.9):F3} ms   P99 {At(sorted, 0.99):F3} ms   P99.9 "
            + $"{At(sorted, 0.999):F3} ms");
        report.AppendLine(CultureInfo.InvariantCulture,
            $"evaluation  P50 {At(evaluations, 0.5):F1} us   P90 {At(evaluations, 0.9):F1} us   P99 {At(evaluations, 0.99):F1} us   "
            + $"P99.9 {At(evaluations, 0.999):F1} us");
        report.AppendLine(CultureInfo.InvariantCulture,
            $"share of the time of a request that is spent in the network: {Share(sorted):P2} of all, "
            + $"{Share(sorted[(sorted.Length * 99 / 100)..]):P2} of the slowest hundredth");
        output.Write(report);
    }

    private static int Count(IReadOnlyList<Answer> answers, Outcome outcome) => answers.Count(answer => answer.Outcome == outcome);

    private static double At(Answer[] sorted, double part) => sorted[Index(sorted.Length, part)].Milliseconds;

    private static double At(double[] sorted, double part) => sorted[Index(sorted.Length, part)];

    /// <summary>The nearest rank.</summary>
    private static int Index(int count, double part) => Math.Max((int)Math.Ceiling(count * part) - 1, 0);

    private static double Share(Answer[] answers) =>
        answers.Sum(static answer => answer.EvaluationMicroseconds) / 1000 / answers.Sum(static answer => answer.Milliseconds);
}
