using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Emit;
using Kan.Generators.Contracts;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Output;
using Kan.Generators.Parsing;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Generators.ModelFiles;

/// <summary>Reads the metadata of <c>KanModel</c> items that are for the generator.</summary>
internal static class ItemParser
{
    /// <summary>The class that an item asks for, a stub where an option is wrong, or null for none.</summary>
    public static Parsed<Spec> Parse(ModelItem item)
    {
        var problems = new List<Problem>();
        var precision = Option<Precision>(item, nameof(item.Precision), item.Precision, problems);
        var lowering = Option<Lowering>(item, nameof(item.Lowering), item.Lowering, problems);
        var contracts = ContractLines.Parse(item.Contracts, out string? wrong);
        if (wrong is not null) problems.Add(Wrong(item, nameof(item.Contracts), wrong, ContractLines.Expected));
        bool? bounds = Flag(item, nameof(item.EvaluateWithBound), item.EvaluateWithBound, problems);
        bool wantsClass = item.Class.Length > 0;
        if (!wantsClass && item.Namespace.Length > 0)
            problems.Add(Wrong(item, nameof(item.Namespace), item.Namespace, "a Class, since Namespace is the namespace of that class"));
        bool sound = wantsClass;
        if (wantsClass && !SyntaxFacts.IsValidIdentifier(item.Class))
        {
            problems.Add(Wrong(item, nameof(item.Class), item.Class,
                "the name of a class, such as Mnist, whose namespace is given separately, in Namespace"));
            sound = false;
        }

        if (wantsClass && item.Namespace.Length > 0 && !item.Namespace.Split('.').All(SyntaxFacts.IsValidIdentifier))
        {
            problems.Add(Wrong(item, nameof(item.Namespace), item.Namespace, "a namespace, such as My.Networks"));
            sound = false;
        }

        if (!sound) return new Parsed<Spec>(null, [.. problems]);
        string hint = HintName.Create(QualifiedName(item));
        var target = new TargetType(string.Join(".", NamespaceParts(item).Select(DeclarationParser.Escape)),
            ["public sealed partial class " + DeclarationParser.Escape(item.Class)], IsStatic: false)
        {
            Summary = "The network of the model " + MessageText.Name(item.Path) + ".",
        };
        Spec spec = problems.Count == 0
            ? new ModelSpec(hint, item.Class, target, precision, lowering, item.Path)
            {
                Contracts = contracts,
                EvaluateWithBound = bounds ?? false
            }
            : new NetworkStubSpec(hint, item.Class, target, precision ?? default, 0, 0, problems[0].Descriptor.Id);
        return new Parsed<Spec>(spec, [.. problems]);
    }

    /// <summary>
    /// The options of an item, for a declaration that is silent; null if the item is silent, or wrong, which is reported apart.
    /// </summary>
    public static (Precision? Precision, Lowering? Lowering) Options(ModelItem item) =>
        (Option<Precision>(item, nameof(item.Precision), item.Precision, []),
            Option<Lowering>(item, nameof(item.Lowering), item.Lowering, []));

    /// <summary>The namespace and the name of an item's class.</summary>
    public static string QualifiedName(ModelItem item) => string.Join(".", NamespaceParts(item).Append(item.Class));

    private static IEnumerable<string> NamespaceParts(ModelItem item) => item.Namespace.Length > 0
        ? item.Namespace.Split('.')
        : item.RootNamespace.Split(['.'], StringSplitOptions.RemoveEmptyEntries).Select(ToIdentifier);

    // The namespace of a project is by default its name, which may have characters that no namespace can have.
    private static string ToIdentifier(string part)
    {
        string name = string.Concat(part.Select(static c => SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_'));
        return SyntaxFacts.IsIdentifierStartCharacter(name[0]) ? name : "_" + name;
    }

    /// <summary>Whether an item wants samples with bounds.</summary>
    public static bool EvaluateWithBound(ModelItem item) =>
        Flag(item, nameof(item.EvaluateWithBound), item.EvaluateWithBound, []) ?? false;

    private static bool? Flag(ModelItem item, string name, string value, List<Problem> problems)
    {
        if (value.Length == 0) return null;
        if (bool.TryParse(value, out bool flag)) return flag;
        problems.Add(Wrong(item, name, value, "true or false"));
        return null;
    }

    private static T? Option<T>(ModelItem item, string name, string value, List<Problem> problems)
        where T : struct, Enum
    {
        if (value.Length == 0) return null;
        string[] names = Enum.GetNames(typeof(T));
        int index = Array.FindIndex(names, known => known.Equals(value, StringComparison.OrdinalIgnoreCase));
        if (index >= 0) return (T)Enum.Parse(typeof(T), names[index]);
        problems.Add(Wrong(item, name, value, "one of " + string.Join(", ", names)));
        return null;
    }

    private static Problem Wrong(ModelItem item, string name, string value, string expected) =>
        new(Descriptors.ItemMetadataIsWrong, new Place.OtherFile(item.Project), item.Path, name, value, expected);
}
