using System.Linq;
using System.Text;
using Kan.Compiler;
using Kan.Generators.Attributes;
using Kan.Generators.Contracts;
using Kan.Generators.Declarations;
using Kan.Generators.Equality;
using Kan.Generators.ModelFiles;
using Kan.Generators.Output;
using Kan.Generators.Parsing;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Kan.Generators;

/// <summary>
/// Compiles declared networks, models and curves into C#. This file is the pipeline; mistakes are reported by <see cref="KanAnalyzer"/>.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class KanGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var allowUnsafe = context.CompilationProvider
            .Select(static (compilation, _) => compilation is CSharpCompilation { Options.AllowUnsafe: true })
            .WithTrackingName(TrackingNames.AllowUnsafe);
        var hasTensors = context.CompilationProvider
            .Select(static (compilation, _) => TensorWriter.HasTensors(compilation)).WithTrackingName(TrackingNames.HasTensors);
        var settings = allowUnsafe.Combine(hasTensors).Select(static (pair, _) => new SourceSettings(pair.Left, pair.Right));
        var tooOld = context.CompilationProvider.Select(static (compilation, _) => LanguageLimits.TooOld(compilation));

        var files = context.AdditionalTextsProvider.Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, cancellation) => ModelText.From(pair.Left, pair.Right, cancellation))
            .Where(static file => file is not null).Select(static (file, _) => file!)
            .WithTrackingName(TrackingNames.ModelFiles);

        var networks = context.SyntaxProvider
            .ForAttributeWithMetadataName(AttributeNames.KanNetwork,
                static (node, _) => node is TypeDeclarationSyntax && AttributeDepth.Fits(node), SpecReader.ReadNetwork)
            .Where(static spec => spec is not null).Select(static (spec, _) => spec!).WithTrackingName(TrackingNames.Networks);
        var models = context.SyntaxProvider
            .ForAttributeWithMetadataName(AttributeNames.KanModel,
                static (node, _) => node is TypeDeclarationSyntax && AttributeDepth.Fits(node), SpecReader.ReadModel)
            .Where(static spec => spec is not null).Select(static (spec, _) => spec!).WithTrackingName(TrackingNames.Models);
        var curves = context.SyntaxProvider
            .ForAttributeWithMetadataName(AttributeNames.PiecewiseLinear,
                static (node, _) => node is MethodDeclarationSyntax && AttributeDepth.Fits(node), SpecReader.ReadCurve)
            .Where(static spec => spec is not null).Select(static (spec, _) => spec!).WithTrackingName(TrackingNames.Curves);

        var resolved = models.Combine(files.Collect())
            .Select(static (pair, _) => ModelResolver.Resolve(pair.Left, pair.Right)).WithTrackingName(TrackingNames.ResolvedModels);

        // A class that is declared in code too, or by two items, is made once: the analyzer reports the second.
        var items = files.Select(static (file, _) => ModelResolver.OfItem(file))
            .Where(static item => item is not null).Select(static (item, _) => item!).WithTrackingName(TrackingNames.ItemClasses);
        var free = items.Select(static (item, _) => (item.Model.Spec.HintName, item.DocumentPath)).Collect()
            .Combine(networks.Select(static (spec, _) => spec.HintName).Collect())
            .Combine(models.Select(static (spec, _) => spec.HintName).Collect())
            .Select(static (all, _) => ItemClaims.Free(all.Left.Left, all.Left.Right.AddRange(all.Right)))
            .WithTrackingName(TrackingNames.FreeItems);
        var made = items.Combine(free)
            .Where(static pair => pair.Right.Items.Contains(pair.Left.DocumentPath)).Select(static (pair, _) => pair.Left.Model);

        var networkSources = Compile(Limit(networks, tooOld), settings, TrackingNames.NetworkSources);
        var modelSources = Compile(Limit(resolved, tooOld), settings, TrackingNames.ModelSources);
        context.RegisterSourceOutput(networkSources, Add);
        context.RegisterSourceOutput(Compile(Limit(curves, tooOld), settings, TrackingNames.CurveSources), Add);
        context.RegisterSourceOutput(modelSources, Add);
        var itemSources = Compile(Limit(made, tooOld), settings, TrackingNames.ItemSources);
        context.RegisterSourceOutput(itemSources, Add);

        // For a build alone, whose last step proves contracts: lines move with every edit, which must compile nothing again.
        var places = PlacesOf(context, AttributeNames.KanNetwork).Collect().Combine(PlacesOf(context, AttributeNames.KanModel).Collect())
            .Select(static (all, _) => (EquatableArray<ContractPlaces>)all.Left.AddRange(all.Right))
            .Combine(context.AnalyzerConfigOptionsProvider.Select(static (options, _) => ContractPlaces.ProjectFolder(options)));
        context.RegisterImplementationSourceOutput(WithContracts(networkSources).Combine(places), AddContracts);
        context.RegisterImplementationSourceOutput(WithContracts(modelSources).Combine(places), AddContracts);
        context.RegisterImplementationSourceOutput(WithContracts(itemSources).Combine(places), AddContracts);
    }

    private static IncrementalValuesProvider<ContractPlaces> PlacesOf(IncrementalGeneratorInitializationContext context,
        string attributeName) => context.SyntaxProvider
        .ForAttributeWithMetadataName(attributeName, static (node, _) => node is TypeDeclarationSyntax && AttributeDepth.Fits(node),
            ContractPlaces.Read)
        .Where(static places => places is not null).Select(static (places, _) => places!);

    private static IncrementalValuesProvider<GeneratedSource> WithContracts(IncrementalValuesProvider<GeneratedSource> sources) =>
        sources.Where(static source => source.Contracts is not null);

    private static void AddContracts(SourceProductionContext context,
        (GeneratedSource Source, (EquatableArray<ContractPlaces> Places, string Folder) Where) pair)
    {
        var (source, (all, folder)) = pair;
        var places = all.FirstOrDefault(places => places.HintName == source.HintName)?.RelativeTo(folder) ?? [];
        context.AddSource(ContractData.FileName(source.HintName), SourceText.From(source.Contracts!.ToSource(places), Encoding.UTF8));
    }

    private static IncrementalValuesProvider<Spec> Limit(IncrementalValuesProvider<Spec> specs,
        IncrementalValueProvider<LanguageVersion?> tooOld) =>
        specs.Combine(tooOld).Select(static (pair, _) => pair.Right is { } version ? LanguageLimits.Stub(pair.Left, version) : pair.Left);

    private static IncrementalValuesProvider<ResolvedModel> Limit(IncrementalValuesProvider<ResolvedModel> models,
        IncrementalValueProvider<LanguageVersion?> tooOld) =>
        models.Combine(tooOld).Select(static (pair, _) => pair.Right is { } version
        ? pair.Left with { Spec = LanguageLimits.Stub(pair.Left.Spec, version) }
        : pair.Left);

    private static IncrementalValuesProvider<GeneratedSource> Compile(
        IncrementalValuesProvider<Spec> specs, IncrementalValueProvider<SourceSettings> settings, string trackingName) =>
        specs.Combine(settings).Select(static (pair, cancellation) =>
            SourceFactory.Create(pair.Left, pair.Right, cancellation)).WithTrackingName(trackingName);

    private static IncrementalValuesProvider<GeneratedSource> Compile(
        IncrementalValuesProvider<ResolvedModel> models, IncrementalValueProvider<SourceSettings> settings, string trackingName) =>
        models.Combine(settings).Select(static (pair, cancellation) =>
            SourceFactory.Create(pair.Left, pair.Right, cancellation)).WithTrackingName(trackingName);

    private static void Add(SourceProductionContext context, GeneratedSource source)
    {
        if (source.Fault is { } fault)
            context.ReportDiagnostic(Diagnostic.Create(fault.Descriptor, Location.None, MessageText.Name(source.Subject),
                MessageText.Bound(fault.Message)));
        if (source.HintName.Length > 0) context.AddSource(source.HintName, SourceText.From(source.Text, Encoding.UTF8));
        if (source.Tensors is not null) context.AddSource(TensorWriter.FileName(source.HintName),
            SourceText.From(source.Tensors, Encoding.UTF8));
        if (source.Tables is not null)
            context.AddSource(NetworkSource.TablesName(source.HintName), SourceText.From(source.Tables, Encoding.UTF8));
    }
}
