using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Lower;
using Kan.Generators.Attributes;
using Kan.Generators.Contracts;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Names;
using Kan.Generators.Output;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Parsing;

/// <summary>Reads <c>[KanModel]</c>.</summary>
internal static class ModelParser
{
    /// <summary>What a type with <c>[KanModel]</c> asks for: nothing if the type also has <c>[KanNetwork]</c>.</summary>
    public static Parsed<Spec> Parse(INamedTypeSymbol type, AttributeData attribute, Compilation compilation,
        CancellationToken cancellation)
    {
        // With both attributes the type is read, and the mistake reported, as a [KanNetwork].
        if (AttributeReader.First(type, AttributeNames.KanNetwork) is not null) return new Parsed<Spec>(null, []);

        var problems = new List<Problem>();
        var target = DeclarationParser.Parse(type, type, problems, cancellation);
        var precision = OptionsParser.Precision(attribute, problems);
        var lowering = OptionsParser.Lowering(attribute, problems);
        var names = NameParser.Parse(type, problems);
        bool isFree = MemberNames.AreFree(type, precision, null, null, problems, cancellation);
        if (target is null || !isFree || !AttributeReader.IsComplete(attribute)) return new Parsed<Spec>(null, [.. problems]);
        var contractProblems = new List<Problem>();
        var contracts = ContractParser.Parse(type, contractProblems);
        string hint = HintName.Create(DeclarationParser.QualifiedName(type));
        Spec spec = problems.Count == 0
            ? new ModelSpec(
                hint, type.Name, target, AttributeReader.Has(attribute, nameof(Precision)) ? precision : null,
                AttributeReader.Has(attribute, nameof(Lowering)) ? lowering : null, AttributeReader.Text(attribute, 0) ?? string.Empty)
            {
                Names = names,
                Contracts = contracts,
                EvaluateWithBound = AttributeReader.Flag(attribute, nameof(ModelSpec.EvaluateWithBound)),
                Taken = MemberNames.Taken(type, NamedMembers.All).Select(static member => member.Name).Distinct().ToImmutableArray(),
            }
            : new NetworkStubSpec(hint, type.Name, target, precision, 0, 0, problems[0].Descriptor.Id)
            {
                InputNames = NameSpec.Sorted(names.Inputs),
                OutputNames = NameSpec.Sorted(names.Outputs),
            };
        return new Parsed<Spec>(spec, [.. problems, .. contractProblems]);
    }
}
