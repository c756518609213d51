using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kan.Service.Load;

/// <summary>What a load came to, for people.</summary>
internal static class Report
{
    public static void Write(TextWriter output, IReadOnlyList<Answer> answers, int clients, double seconds, long memoryBefore, long memoryAfter)
    {
        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        int right = answers.Count(static answer => answer.Outcome == Outcome.Right);
        Line($"{clients} clients for {seconds:F0} s: {answers.Count:N0} requests, {answers.Count / seconds:N0} a second");
        Line($"right {right:N0}, wrong {Count(answers, Outcome.Wrong)}, refused {Count(answers, Outcome.Refused)}, cut off {Count(answers, Outcome.CutOff)}");
        Line($"working set of the service: {memoryBefore >> 20} MiB before, {memoryAfter >> 20} MiB after");
        if (right == 0) return;

        Answer[] sorted = [.. answers.Where(static answer => answer.Outcome == Outcome.Right).OrderBy(static answer => answer.Milliseconds)];
        double[] evaluations = [.. sorted.Select(static answer => answer.EvaluationMicroseconds).Order()];
        Line($"request     P50 {At(sorted, 0.5):F3} ms   P90 {At(sorted, 0.9):F3} ms   P99 {At(sorted, 0.99):F3} ms   P99.9 {At(sorted, 0.999):F3} ms");
        Line($"evaluation  P50 {At(evaluations, 0.5):F1} us   P90 {At(evaluations, 0.9):F1} us   P99 {At(evaluations, 0.99):F1} us   P99.9 {At(evaluations, 0.999):F1} us");
        Line($"share of the time of a request that is spent in the network: {Share(sorted):P2} of all, {Share(sorted[(sorted.Length * 99 / 100)..]):P2} of the slowest hundredth");
    }

    private static int Count(IReadOnlyList<Answer> answers, Outcome outcome) => answers.Count(answer => answer.Outcome == outcome);

    private static double At(Answer[] sorted, double part) => sorted[Index(sorted.Length, part)].Milliseconds;

    private static double At(double[] sorted, double part) => sorted[Index(sorted.Length, part)];

    /// <summary>The nearest rank.</summary>
    private static int Index(int count, double part) => Math.Max((int)Math.Ceiling(count * part) - 1, 0);

    private static double Share(Answer[] answers) =>
        answers.Sum(static answer => answer.EvaluationMicroseconds) / 1000 / answers.Sum(static answer => answer.Milliseconds);
}
