using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Generators.Attributes;
using Kan.Generators.Contracts;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Names;
using Kan.Generators.Output;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Parsing;

/// <summary>Reads <c>[KanNetwork]</c>, its <c>[Edge]</c> attributes and its <c>[EdgeFunction]</c> methods.</summary>
internal static class NetworkParser
{
    /// <summary>The largest width of a layer: beyond it is a mistyped number, not a network written by hand.</summary>
    public const int MaximumWidth = 65536;

    /// <summary>What a type with <c>[KanNetwork]</c> asks for.</summary>
    public static Parsed<Spec> Parse(INamedTypeSymbol type, AttributeData attribute, Compilation compilation,
        CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        var target = DeclarationParser.Parse(type, type, problems, cancellation);
        if (AttributeReader.First(type, AttributeNames.KanModel) is { } model)
        {
            problems.Add(new Problem(Descriptors.AttributesDoNotFit, new Place.AttributeName(model), type.Name, "KanModel",
                "and [KanNetwork]", "keep one of the two, or make two types"));
        }

        bool complete = AttributeReader.IsComplete(attribute);
        var widths = AttributeReader.Integers(attribute, 0);
        int scalars = widths.Length > 1 && widths[widths.Length - 1] == 1 ? widths[0] : 0;
        int beforeNames = problems.Count;
        var names = NameParser.Parse(type, problems);
        bool areNamesSound = problems.Count == beforeNames;
        var facts = widths.Length > 1 ? new NetworkFacts(widths[0], widths[widths.Length - 1]) : null;
        var number = (Precision)AttributeReader.Option(attribute, nameof(Precision));
        bool isFree = MemberNames.AreFree(type, number, scalars, facts?.With(names), problems, cancellation);
        bool fits = RequireSize(type, attribute, widths, problems);
        bool sound = complete && RequireWidths(type, attribute, widths, problems);
        if (sound && areNamesSound) problems.AddRange(NameCheck.Problems(type, names, facts!));
        var precision = OptionsParser.Precision(attribute, problems);
        var lowering = OptionsParser.Lowering(attribute, problems);
        var edges = ImmutableArray.CreateBuilder<EdgeSpec>();
        var register = new EdgeRegister(type, sound ? widths : default);
        foreach (var edge in fits ? type.GetAttributes().Where(static attribute => AttributeReader.Is(attribute, AttributeNames.Edge)) : [])
        {
            cancellation.ThrowIfCancellationRequested();
            if (!AttributeReader.IsComplete(edge)) complete = false;
            else if (ParseEdge(edge, register, precision, problems) is { } spec) edges.Add(spec);
        }

        if (fits) complete &= new EdgeFunctionParser(register, compilation, problems, cancellation).Parse(type, edges);

        // A promise that does not fit is reported, and the network is compiled without it.
        var contractProblems = new List<Problem>();
        var contracts = ContractParser.Parse(type, contractProblems);
        if (sound && areNamesSound) contractProblems.AddRange(ContractCheck.Problems(type, contracts, facts!.With(names)));
        return new Parsed<Spec>(target is null || !isFree ? null : CreateSpec(), [.. problems, .. contractProblems]);

        Spec? CreateSpec()
        {
            string hint = HintName.Create(DeclarationParser.QualifiedName(type));
            var errors = problems.Where(static problem => problem.Descriptor.DefaultSeverity == DiagnosticSeverity.Error);
            if (complete && !errors.Any())
                return new NetworkSpec(hint, type.Name, target, precision, lowering, widths, edges.ToImmutable())
                {
                    Names = names,
                    Contracts = contracts,
                    EvaluateWithBound = AttributeReader.Flag(attribute, nameof(NetworkSpec.EvaluateWithBound)),
                };
            if (!sound) return null;
            string id = errors.FirstOrDefault()?.Descriptor.Id ?? string.Empty;
            return new NetworkStubSpec(hint, type.Name, target, precision, widths[0], widths[widths.Length - 1], id)
            {
                InputNames = NameSpec.Sorted(names.Inputs),
                OutputNames = NameSpec.Sorted(names.Outputs),
            };
        }
    }

    /// <summary>Requires a size that can be looked at: what is larger is reported, and nothing else of it.</summary>
    private static bool RequireSize(INamedTypeSymbol type, AttributeData attribute, ImmutableArray<int> widths, List<Problem> problems)
    {
        long nodes = widths.Sum(static width => (long)Math.Max(0, Math.Min(width, MaximumWidth)));
        int edges = type.GetAttributes().Count(static attribute => AttributeReader.Is(attribute, AttributeNames.Edge));
        string? fact = widths.Length - 1 > DeclarationLimits.Layers
            ? FunctionParser.Large(widths.Length - 1, "layers", DeclarationLimits.Layers)
            : nodes > DeclarationLimits.Nodes ? FunctionParser.Large(nodes, "nodes", DeclarationLimits.Nodes)
            : edges > DeclarationLimits.Edges ? FunctionParser.Large(edges, "edges", DeclarationLimits.Edges)
            : null;
        if (fact is not null) problems.Add(new Problem(Descriptors.NetworkTooLarge, new Place.AttributeName(attribute), type.Name, fact));
        return fact is null;
    }

    private static bool RequireWidths(INamedTypeSymbol type, AttributeData attribute, ImmutableArray<int> widths, List<Problem> problems)
    {
        int before = problems.Count;
        if (widths.Length < 2)
            Report(widths.Length == 1 ? new Place.Argument(attribute, "widths", 0) : new Place.AttributeName(attribute),
                widths.Length == 1 ? "are one number" : "are missing");
        for (int i = 0; i < widths.Length && problems.Count < before + DeclarationLimits.Mistakes; i++)
        {
            if (widths[i] < 1) Report(new Place.Argument(attribute, "widths", i), "contain " + Text(widths[i]));
            if (widths[i] > MaximumWidth)
                Report(new Place.Argument(attribute, "widths", i), "contain " + Text(widths[i]) + ", which is too large");
        }

        return problems.Count == before;

        void Report(Place place, string fact) =>
            problems.Add(new Problem(Descriptors.InvalidWidths, place, type.Name, fact, Text(MaximumWidth)));
    }

    private static EdgeSpec? ParseEdge(AttributeData edge, EdgeRegister register, Precision precision, List<Problem> problems)
    {
        int layer = AttributeReader.Integer(edge, 0), input = AttributeReader.Integer(edge, 1), output = AttributeReader.Integer(edge, 2);
        register.Add(new EdgeSource(edge), layer, input, output, problems);
        string subject = "edge (" + Text(layer) + ", " + Text(input) + ", " + Text(output) + ")";
        var function = FunctionParser.Parse(edge, subject, precision, problems);
        return function is null ? null : new EdgeSpec(layer, input, output, function);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
