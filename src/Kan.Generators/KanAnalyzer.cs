using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Attributes;
using Kan.Generators.Contracts;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.ModelFiles;
using Kan.Generators.Names;
using Kan.Generators.Parsing;
using Kan.Generators.Reports;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators;

/// <summary>Reports the mistakes in declarations, at their locations. It reads declarations with the generator's own parsers.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KanAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        // The two parts of a partial method share their attributes, so a curve counts as generated code once its body is.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(AttributeNames.KanNetwork) is null) return;
            if (LanguageLimits.TooOld(start.Compilation) is { } version)
            {
                RegisterTooOld(start, version);
                return;
            }

            var models = new ModelValidator(start.Options,
                static (text, cancellation) => ModelReading.Check(ModelReading.TextOf(text), cancellation));
            var proofs = new ProofResults(start.Options);
            start.RegisterSymbolAction(symbol => AnalyzeType(symbol, models, proofs), SymbolKind.NamedType);
            start.RegisterSymbolAction(AnalyzeMethod, SymbolKind.Method);
            start.RegisterAdditionalFileAction(file => AnalyzeFile(file, models, proofs));
        });
    }

    /// <summary>In a language that is too old, this is all that is said of a declaration.</summary>
    private static void RegisterTooOld(CompilationStartAnalysisContext start, LanguageVersion version)
    {
        start.RegisterSymbolAction(
            symbol =>
            {
                if (IsTooDeep(symbol)) return;
                string[] names = symbol.Symbol.Kind == SymbolKind.Method
                    ? [AttributeNames.PiecewiseLinear]
                    : [AttributeNames.KanNetwork, AttributeNames.KanModel];
                if (symbol.Symbol is IMethodSymbol { PartialDefinitionPart: not null }) return;
                if (names.Select(name => AttributeReader.First(symbol.Symbol, name))
                    .FirstOrDefault(static attribute => attribute is not null) is { } declaration)
                    Report(symbol, [LanguageLimits.Problem(version, symbol.Symbol.Name, new Place.AttributeName(declaration))]);
            },
            SymbolKind.NamedType, SymbolKind.Method);
        start.RegisterAdditionalFileAction(file =>
        {
            if (ModelText.ItemOf(file.AdditionalFile, file.Options.AnalyzerConfigOptionsProvider) is { Class.Length: > 0 } item)
                file.ReportDiagnostic(LanguageLimits.Problem(version, item.Class, new Place.OtherFile(item.Project))
                    .ToDiagnostic(file.CancellationToken));
        });
    }

    private static void AnalyzeType(SymbolAnalysisContext context, ModelValidator models, ProofResults proofs)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        foreach (var problem in EnclosingTypes.Validate(type, context.CancellationToken))
            context.ReportDiagnostic(problem.ToDiagnostic(context.CancellationToken));
        if (IsTooDeep(context)) return;
        if (AttributeReader.First(type, AttributeNames.KanNetwork) is { } network)
        {
            var parsed = NetworkParser.Parse(type, network, context.Compilation, context.CancellationToken);
            Report(context, parsed.Problems);
            if (parsed.Spec is NetworkSpec spec) Report(context, NetworkReview.Of(type, spec));
            Report(context, models.ValidateName(type, network));
            ReportCompilation(context, type, network, proofs, isModel: false);
            return;
        }

        foreach (var edge in type.GetAttributes().Where(static attribute => AttributeReader.Is(attribute, AttributeNames.Edge)))
        {
            Report(context, [new Problem(Descriptors.AttributesDoNotFit, new Place.AttributeName(edge), type.Name, "Edge",
                "without [KanNetwork]", "add [KanNetwork] with the widths of the network")]);
        }

        if (AttributeReader.First(type, AttributeNames.KanModel) is not { } model)
        {
            foreach (var name in type.GetAttributes().Where(static attribute => NameSides.Of(attribute) is not null))
            {
                Report(context,
                    [new Problem(Descriptors.AttributesDoNotFit, new Place.AttributeName(name), type.Name, NameSides.Of(name)!.Title,
                    "without [KanNetwork] or [KanModel]", "add one of the two")]);
            }

            foreach (var contract in ContractParser.AttributesOf(type))
            {
                Report(context,
                    [new Problem(Descriptors.AttributesDoNotFit, new Place.AttributeName(contract), type.Name,
                    ContractParser.KindOf(contract)!, "without [KanNetwork] or [KanModel]", "add one of the two")]);
            }

            return;
        }

        var parsedModel = ModelParser.Parse(type, model, context.Compilation, context.CancellationToken);
        Report(context, parsedModel.Problems);
        Report(context, models.ValidateName(type, model));
        if (AttributeReader.IsComplete(model))
        {
            string? file = AttributeReader.Text(model, 0);
            Report(context, models.Validate(model, file, context.CancellationToken));
            if (file is not null && parsedModel.Spec is ModelSpec { Names: var names }
                && models.FactsOf(file, context.CancellationToken) is { } facts)
            {
                Report(context, NameCheck.Problems(type, names, facts));
                Report(context, MemberNames.OfNames(type, facts.With(names)));
                Report(context, ContractCheck.Problems(type, ((ModelSpec)parsedModel.Spec).Contracts, facts.With(names)));
            }
        }

        ReportCompilation(context, type, model, proofs, isModel: true);
    }

    /// <summary>Whether attributes are too deep to be read, which is reported where one of them is ours.</summary>
    private static bool IsTooDeep(SymbolAnalysisContext context)
    {
        if (AttributeDepth.Fits(context.Symbol, context.CancellationToken)) return false;
        if (AttributeDepth.FirstTooDeep(context.Symbol, context.CancellationToken) is { } attribute)
            Report(context,
                [new Problem(Descriptors.FunctionIsTooLarge, new Place.Node(attribute.Name), context.Symbol.Name, Nesting.Limit)]);
        return true;
    }

    private static void ReportCompilation(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute,
        ProofResults proofs, bool isModel)
    {
        var options = attribute.ApplicationSyntaxReference is { } reference
            ? context.Options.AnalyzerConfigOptionsProvider.GetOptions(reference.SyntaxTree)
            : null;
        Report(context, CompileReport.Of(type, new Place.AttributeName(attribute), new Place.Argument(attribute, nameof(Lowering)), isModel,
            options, proofs, context.CancellationToken));
    }

    /// <summary>What is wrong with an item and, for an item with a Class, which no attribute declares, how it was compiled.</summary>
    private static void AnalyzeFile(AdditionalFileAnalysisContext context, ModelValidator models, ProofResults proofs)
    {
        var problems = models.Validate(context.AdditionalFile, context.CancellationToken);
        if (problems.IsEmpty && models.ItemWithClass(context.AdditionalFile) is { } item
            && context.Compilation.GetTypeByMetadataName(ItemParser.QualifiedName(item)) is { } type)
        {
            var place = new Place.OtherFile(item.Project);
            var options = context.Options.AnalyzerConfigOptionsProvider.GetOptions(context.AdditionalFile);
            problems = [.. CompileReport.Of(type, place, place, isModel: true, options, proofs, context.CancellationToken)];
        }

        foreach (var problem in problems) context.ReportDiagnostic(problem.ToDiagnostic(context.CancellationToken));
    }

    private static void AnalyzeMethod(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (IsTooDeep(context)) return;
        ReportEdgeFunctionsOutsideNetworks(context, method);
        if (AttributeReader.First(method, AttributeNames.PiecewiseLinear) is not { } attribute) return;

        // A body may carry the attribute too; the definition then has it as well and is reported once.
        if (method.PartialDefinitionPart is not null) return;
        var parsed = CurveParser.Parse(method, attribute, context.Compilation, context.CancellationToken);
        Report(context, parsed.Problems);
        if (parsed.Spec is not CurveSpec spec) return;
        string subject = "'" + method.Name + "'";
        Report(context, spec.Function is CompiledFunctionSpec
            ? NumberReview.OfFunctions(new Place.Argument(attribute, CurveDeclaration.Function), subject, [spec.Function.ToFunction()],
                spec.Precision)
            : NumberReview.OfAttribute(attribute, subject, spec.Precision));
    }

    private static void ReportEdgeFunctionsOutsideNetworks(SymbolAnalysisContext context, IMethodSymbol method)
    {
        if (AttributeReader.First(method, AttributeNames.EdgeFunction) is not { } attribute) return;
        if (method.ContainingType is { } type && AttributeReader.First(type, AttributeNames.KanNetwork) is not null) return;
        Report(context, [new Problem(Descriptors.AttributesDoNotFit, new Place.AttributeName(attribute), method.Name, "EdgeFunction",
            "outside a type with [KanNetwork]", "add [KanNetwork] with the widths of the network to the type")]);
    }

    private static void Report(SymbolAnalysisContext context, IEnumerable<Problem> problems)
    {
        foreach (var problem in problems.Where(problem => !EnclosingTypes.IsAround(problem, context.Symbol)))
            context.ReportDiagnostic(problem.ToDiagnostic(context.CancellationToken));
    }
}
