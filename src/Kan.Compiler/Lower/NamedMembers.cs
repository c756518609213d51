using System.Collections.Generic;
using System.Collections.Immutable;

namespace Kan.Compiler.Lower;

/// <summary>The members that a network has because its inputs, outputs or classes have names; a list is empty if there is no such member.</summary>
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

    /// <summary>The method that compares features with the ranges.</summary>
    public const string IsInRange = "IsInRange";

    /// <summary>The names of all such members.</summary>
    public static ImmutableArray<string> All { get; } = [FeaturesType, ResultType, LabelType, Decide, IsInRange];

    /// <summary>No such members.</summary>
    public static NamedMembers None { get; } = new([], [], [], []);

    /// <summary>The members of a network.</summary>
    public static NamedMembers Of(NetworkLabels labels, int inputs, int outputs)
    {
        bool hasFeatures = HasFeatures(!labels.InputNames.IsEmpty, inputs, outputs);
        bool hasResult = hasFeatures && HasResult(!labels.OutputNames.IsEmpty, outputs);
        var names = labels.InputNames.IsEmpty || inputs > MostFields ? [] : Identifiers.Of(labels.InputNames, "Input", Taken(FeaturesType));
        return new NamedMembers(
            hasFeatures ? names : [],
            Identifiers.Parameters(names),
            hasResult ? Identifiers.Of(labels.OutputNames, "Output", Taken(ResultType)) : [],
            HasClasses(!labels.Classes.IsEmpty, outputs) ? Identifiers.Of(labels.Classes, "Label", new HashSet<string>()) : []);
    }

    /// <summary>The names of the members that a network adds to its type because of its names.</summary>
    public static IEnumerable<string> Added(bool inputNames, bool outputNames, bool classes, bool ranges, int inputs, int outputs)
    {
        if (HasFeatures(inputNames, inputs, outputs))
        {
            yield return FeaturesType;
            if (ranges) yield return IsInRange;
            if (HasResult(outputNames, outputs)) yield return ResultType;
        }

        if (!HasClasses(classes, outputs)) yield break;
        yield return LabelType;
        yield return Decide;
    }

    // A network from one number to one has nothing to mix up, and its overload of a plain number would be ambiguous with one of features.
    private static bool HasFeatures(bool hasNames, int inputs, int outputs) => hasNames && inputs <= MostFields && (inputs > 1 || outputs > 1);

    private static bool HasResult(bool hasNames, int outputs) => hasNames && outputs is > 1 and <= MostFields;

    private static bool HasClasses(bool hasClasses, int outputs) => hasClasses && outputs is > 1 and <= MostClasses;

    // What every record struct has, and its own name.
    private static HashSet<string> Taken(string type) =>
        [type, "Equals", "GetHashCode", "ToString", "GetType", "Deconstruct", "PrintMembers", "MemberwiseClone", "Finalize", "ReferenceEquals"];
}
