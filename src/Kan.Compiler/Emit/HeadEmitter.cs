using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints what a network with a head has in addition: the probabilities that it makes of the outputs.</summary>
internal static class HeadEmitter
{
    /// <summary>Prints the members; nothing for a network without a head, or with one that decides alone.</summary>
    public static void Emit(CodeWriter writer, NetworkPlan plan)
    {
        foreach (var (one, batch, parameter) in NamedMembers.ProbabilityMembers(plan.Labels.Head))
        {
            string type = KernelNames.Type(plan.Precision), readOnly = $"global::System.ReadOnlySpan<{type}>",
                span = $"global::System.Span<{type}> {parameter}";
            string features = NamedMembers.FeaturesType, step = $"{KernelNames.Panels}Heads." + (plan.Labels.Head == NetworkHead.Sigmoid
                ? $"Sigmoid<{type}>({parameter});"
                : $"{(one == NamedMembers.LogProbabilities ? "LogSoftmax" : "Softmax")}<{type}>({parameter}, "
                + $"{Literal.Integer(plan.OutputCount)});");
            bool hasFeatures = !plan.Named.Features.IsEmpty;
            string numbers = Literal.Count(plan.OutputCount, "number"), sample = Literal.Count(plan.InputCount, "number") + ".";
            Member(one, $"{readOnly} inputs", "inputs", sample, "Evaluate(inputs", numbers + "; may overlap the inputs");

            // A network of one output gives it back.
            if (hasFeatures)
                Member(one, $"in {features} features", "features", "The sample.", plan.OutputCount == 1 ? "" : "Evaluate(in features",
                    numbers);
            Member(batch, $"{readOnly} inputs", "inputs", "Samples, one after the other.", "EvaluateBatch(inputs",
                numbers + " for each sample; must not overlap the inputs");
            if (hasFeatures)
                Member(batch, $"global::System.ReadOnlySpan<{features}> features", "features", "The samples.", "EvaluateBatch(features",
                    numbers + " for each sample; must not overlap the samples");

            void Member(string name, string taken, string from, string what, string call, string receives)
            {
                writer.Line($"""

                    /// <summary>{Summary(plan.Labels.Head, name)}</summary>
                    /// <param name="{from}">{what}</param>
                    /// <param name="{parameter}">Receives {receives}; NaN where an output is NaN.</param>
                    /// <exception cref="global::System.ArgumentException">A span has the wrong length, or they overlap; nothing was written.</exception>
                    {KernelNames.GeneratedCode}
                    """);
                using (writer.Braces($"public static void {name}({taken}, {span})"))
                {
                    writer.Line(call.Length > 0 ? $"{call}, {parameter});" : $"""
                        {KernelNames.Panels}Guard.Length({parameter}.Length, 1, nameof({parameter}));
                        {parameter}[0] = Evaluate(in features);
                        """);
                    writer.Line(step);
                }
            }
        }
    }

    private static string Summary(NetworkHead head, string name)
    {
        string what = head == NetworkHead.Sigmoid ? "1 / (1 + exp(-y)) for each output y" : "exp(y) / sum of exp(y) over the outputs y";
        return name switch
        {
            NamedMembers.Probabilities => $"The probabilities of one sample, {what}.",
            NamedMembers.ProbabilitiesBatch => $"The probabilities of samples, {what} of each, with the same bits as one at a time.",
            NamedMembers.LogProbabilities => "The logarithms of the probabilities of one sample, y - log(sum of exp(y)).",
            _ => "The logarithms of the probabilities of samples, y - log(sum of exp(y)), with the same bits as one at a time.",
        };
    }
}
