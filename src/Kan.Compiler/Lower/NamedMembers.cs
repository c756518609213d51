using System.Collections.Generic;
using System.Collections.Immutable;

namespace Kan.Compiler.Lower;

/// <summary>
/// The members that a network has because its inputs, outputs or classes have names, or because its model ends in a head; a list is empty
/// if there is no such member.
/// </summary>
/// <param name="Features">The fields of the record struct <c>Features</c>, one for each input.</param>
/// <param name="Parameters">The parameters of the overload of plain numbers.</param>
/// <param name="Results">The fields of the record struct <c>Result</c>, one for each output.</param>
/// <param name="Classes">The members of the enumeration <c>Label</c>, one for each output.</param>
public sealed record NamedMembers(
    ImmutableArray<string> Features, ImmutableArray<string> Parameters, ImmutableArray<string> Results, ImmutableArray<string> Classes)
{
    /// <summary>The most fields of <c>Features</c> and of <c>Result</c>: a constructor of more parameters helps nobody.</summary>
    public const int MostFields = 256;

    /// <summary>The most members of <c>Label</c>.</summary>
    public const int MostClasses = 1024;

    /// <summary>The record struct of the inputs.</summary>
    public const string FeaturesType = "Features";

    /// <summary>The record struct of the outputs.</summary>
    public const string ResultType = "Result";

    /// <summary>The enumeration of the classes.</summary>
    public const string LabelType = "Label";

    /// <summary>The method that gives the class.</summary>
    public const string Decide = "Decide";

    /// <summary>The methods that give the probabilities of one sample and of many.</summary>
    public const string Probabilities = "Probabilities", ProbabilitiesBatch = "ProbabilitiesBatch";

    /// <summary>The methods that give their logarithms.</summary>
    public const string LogProbabilities = "LogProbabilities", LogProbabilitiesBatch = "LogProbabilitiesBatch";

    /// <summary>The method that compares features with the ranges.</summary>
    public const string IsInRange = "IsInRange";

    /// <summary>The names of all such members.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        FeaturesType, ResultType, LabelType, Decide, IsInRange, Probabilities, ProbabilitiesBatch, LogProbabilities, LogProbabilitiesBatch,
    ];

    /// <summary>No such members.</summary>
    public static NamedMembers None { get; } = new([], [], [], []);

    /// <summary>
    /// What <c>Decide</c> gives: a label, an index, or whether the one output is above 0; null where there is no such method.
    /// </summary>
    public string? Decision { get; private init; }

    /// <summary>The tensors that the inputs make up, where those or the outputs are of several; else empty.</summary>
    public ImmutableArray<TensorPart> InputTensors { get; private init; } = [];

    /// <summary>The tensors that the outputs make up, in the same case.</summary>
    public ImmutableArray<TensorPart> OutputTensors { get; private init; } = [];

    /// <summary>The members of a network.</summary>
    public static NamedMembers Of(NetworkLabels labels, int inputs, int outputs)
    {
        bool hasFeatures = HasFeatures(!labels.InputNames.IsEmpty, inputs, outputs);
        bool hasResult = hasFeatures && HasResult(!labels.OutputNames.IsEmpty, outputs);
        var names = labels.InputNames.IsEmpty || inputs > MostFields ? [] : Identifiers.Of(labels.InputNames, "Input", Taken(FeaturesType));
        var (read, written) = TensorParts.Of(labels, inputs, outputs);
        return new NamedMembers(
            hasFeatures ? names : [],
            Identifiers.Parameters(names),
            hasResult ? Identifiers.Of(labels.OutputNames, "Output", Taken(ResultType)) : [],
            HasClasses(!labels.Classes.IsEmpty, outputs) ? Identifiers.Of(labels.Classes, "Label", new HashSet<string>()) : [])
        {
            Decision = DecisionOf(!labels.Classes.IsEmpty, labels.Head, outputs),
            InputTensors = read,
            OutputTensors = written,
        };
    }

    /// <summary>The names of the members that a network adds to its type because of its names and its head.</summary>
    public static IEnumerable<string> Added(bool inputNames, bool outputNames, bool classes, bool ranges, NetworkHead head, int inputs,
        int outputs)
    {
        if (HasFeatures(inputNames, inputs, outputs))
        {
            yield return FeaturesType;
            if (ranges) yield return IsInRange;
            if (HasResult(outputNames, outputs)) yield return ResultType;
        }

        if (HasClasses(classes, outputs)) yield return LabelType;
        if (DecisionOf(classes, head, outputs) is not null) yield return Decide;
        foreach (var (one, batch, _) in ProbabilityMembers(head))
        {
            yield return one;
            yield return batch;
        }
    }

    /// <summary>The methods that a head adds for one sample.</summary>
    public static IEnumerable<string> HeadMembers(NetworkHead head, int outputs)
    {
        foreach (var (one, _, _) in ProbabilityMembers(head)) yield return one;
        if (DecisionOf(hasClasses: false, head, outputs) is not null) yield return Decide;
    }

    /// <summary>The methods that give what a head makes of the outputs: of one sample, of many, and what the numbers are called.</summary>
    public static IEnumerable<(string One, string Batch, string Parameter)> ProbabilityMembers(NetworkHead head)
    {
        if (head is NetworkHead.None or NetworkHead.ArgMax) yield break;
        yield return (Probabilities, ProbabilitiesBatch, "probabilities");
        if (head == NetworkHead.LogSoftmax) yield return (LogProbabilities, LogProbabilitiesBatch, "logProbabilities");
    }

    private static string? DecisionOf(bool hasClasses, NetworkHead head, int outputs)
    {
        if (HasClasses(hasClasses, outputs)) return LabelType;
        if (head == NetworkHead.None || outputs > MostClasses) return null;
        return outputs > 1 ? "int" : head == NetworkHead.Sigmoid ? "bool" : null;
    }

    // A network from one number to one has nothing to mix up, and its overload of a plain number would be ambiguous with one of features.
    private static bool HasFeatures(bool hasNames, int inputs, int outputs) =>
        hasNames && inputs <= MostFields && (inputs > 1 || outputs > 1);

    private static bool HasResult(bool hasNames, int outputs) => hasNames && outputs is > 1 and <= MostFields;

    private static bool HasClasses(bool hasClasses, int outputs) => hasClasses && outputs is > 1 and <= MostClasses;

    // What every record struct has, and its own name.
    private static HashSet<string> Taken(string type) =>
        [type, "Equals", "GetHashCode", "ToString", "GetType", "Deconstruct", "PrintMembers", "MemberwiseClone", "Finalize",
            "ReferenceEquals"];
}
