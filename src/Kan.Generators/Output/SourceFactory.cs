using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Kan.Generators.Contracts;
using Kan.Generators.Diagnostics;
using Kan.Generators.Equality;
using Kan.Generators.ModelFiles;
using Kan.Generators.Names;
using Kan.Generators.Parsing;
using Kan.Generators.Specs;

namespace Kan.Generators.Output;

/// <summary>What a project decides about its generated code.</summary>
/// <param name="AllowUnsafe">Whether unsafe code may be written.</param>
/// <param name="HasTensors">Whether it has tensors, for which networks get overloads.</param>
internal readonly record struct SourceSettings(bool AllowUnsafe, bool HasTensors);

/// <summary>The heavy step: from a spec to its source. No exception leaves it but a cancellation.</summary>
internal static class SourceFactory
{
    /// <summary>The source of a network or a curve.</summary>
    public static GeneratedSource Create(Spec spec, SourceSettings settings, CancellationToken cancellation) => spec switch
    {
        NetworkSpec network => Network(network, settings, cancellation),
        CurveSpec curve => Curve(curve, settings, cancellation),
        NetworkStubSpec stub => new GeneratedSource(stub.HintName, StubWriter.Network(stub), stub.Name),
        CurveStubSpec stub => new GeneratedSource(stub.HintName, StubWriter.Curve(stub), stub.Name),
        FailedSpec failed =>
            new GeneratedSource(string.Empty, string.Empty, failed.Name,
                Fault: new GenerationFault(GenerationFaultKind.Internal, failed.Failure)),
        _ => new GeneratedSource(string.Empty, string.Empty, spec.HintName,
            Fault: new GenerationFault(GenerationFaultKind.Internal, "unknown declaration " + spec.GetType().Name)),
    };

    /// <summary>The source of a model.</summary>
    public static GeneratedSource Create(ResolvedModel model, SourceSettings settings, CancellationToken cancellation)
    {
        if (model.Spec is not ModelSpec spec) return Create(model.Spec, settings, cancellation);
        var (precision, lowering) = (spec.Precision ?? default, spec.Lowering ?? default);
        var stub = new NetworkStubSpec(spec.HintName, spec.Name, spec.Target, precision, 0, 0, model.DiagnosticId)
        {
            InputNames = NameSpec.Sorted(spec.Names.Inputs),
            OutputNames = NameSpec.Sorted(spec.Names.Outputs),
        };
        if (model.Text is null) return Create(stub, settings, cancellation);
        return Guard(
            () =>
            {
                var reading = ModelReading.Read(model.Text, cancellation);
                if (reading.Document is not { } document) return Stub(reading.Fault!.Id);
                var facts = NetworkFacts.Of(document);
                stub = stub with { Inputs = facts.Inputs, Outputs = facts.Outputs, Classes = document.Labels, Head = document.Head };
                if (!NameCheck.Fits(spec.Names, facts)) return Stub(Descriptors.NameDoesNotFit.Id);
                if (MemberNames.Added(facts.With(spec.Names)).Any(name => name == spec.Name || spec.Taken.Contains(name)))
                {
                    stub = stub with { InputNames = default, OutputNames = default, Classes = default, Head = default };
                    return Stub(Descriptors.NameIsTaken.Id);
                }

                // Integers of a file are what the model is.
                if (document.Codes is not null && spec.Precision is null) precision = Precision.Int8;
                document = NameMerge.Apply(document, spec.Names);
                stub = stub with { InputNames = document.InputNames, OutputNames = document.OutputNames };
                return Compiled(
                    spec.HintName, spec.Name, document, spec.Contracts, isInFile: true,
                    Options(spec.Target, precision, lowering, settings) with { EvaluateWithBound = spec.EvaluateWithBound },
                    settings, cancellation);
            },
            Stub);

        GeneratedSource Stub(string id) => Create(stub with { DiagnosticId = id }, settings, cancellation);
    }

    private static GeneratedSource Network(NetworkSpec spec, SourceSettings settings, CancellationToken cancellation) => Guard(
        () => Compiled(
            spec.HintName, spec.Name, Document(spec), spec.Contracts, isInFile: false,
            Options(spec.Target, spec.Precision, spec.Lowering, settings) with { EvaluateWithBound = spec.EvaluateWithBound },
            settings, cancellation),
        id => Create(
            new NetworkStubSpec(spec.HintName, spec.Name, spec.Target, spec.Precision, spec.Widths[0], spec.Widths[spec.Widths.Count - 1],
                id)
            {
                InputNames = NameSpec.Sorted(spec.Names.Inputs),
                OutputNames = NameSpec.Sorted(spec.Names.Outputs),
            },
            settings,
            cancellation));

    private static GeneratedSource Curve(CurveSpec spec, SourceSettings settings, CancellationToken cancellation) => Guard(
        () => new GeneratedSource(
            spec.HintName,
            NetworkCompiler.CompileCurve(
                spec.Function.ToFunction(), spec.MethodDeclaration, spec.ParameterName,
                    Options(spec.Target, spec.Precision, Lowering.Auto, settings), cancellation),
            spec.Name),
        id => new GeneratedSource(spec.HintName,
            StubWriter.Curve(new CurveStubSpec(spec.HintName, spec.Name, spec.Target, spec.MethodDeclaration, id)), spec.Name));

    private static GeneratedSource Compiled(
        string hintName, string name, KanDocument document, EquatableArray<ContractSpec> stated, bool isInFile, CompilerOptions options,
        SourceSettings settings, CancellationToken cancellation)
    {
        if (stated.Count > 0 && options.Precision == Precision.Int8)
            throw new NoIntegerFormException("its contracts are proved of code that computes with floating-point numbers");
        var contracts = stated.Count == 0 ? [] : ContractCheck.Resolve(stated, NetworkFacts.Of(document));
        var source = NetworkCompiler.Compile(document,
            options with { Contracts = [.. contracts.Select(static contract => contract.Text + ".")] }, cancellation);
        string? tensors = settings.HasTensors ? TensorWriter.Write(options.Target, options.Precision) : null;
        var generated = new GeneratedSource(hintName, source.Code, name, source.Tables, tensors);
        return contracts.IsEmpty ? generated : generated with { Contracts = Data(document, contracts, source, isInFile, options) };
    }

    private static ContractData Data(KanDocument document, ImmutableArray<ResolvedContract> contracts, NetworkSource source, bool isInFile,
        CompilerOptions options)
    {
        int inputs = document.Layers[0].InputCount;
        var ranges = Enumerable.Range(0, inputs).Select(p => document.InputRanges[document.InputRanges.Length == 1 ? 0 : p]);
        return new ContractData(
            options.Target.QualifiedName, source.ContentHash, source.ErrorBound, options.Precision == Precision.Single,
            options.Lowering.ToString(),
            ranges.Select(static range => range.Low + " " + range.High).ToImmutableArray(),
            isInFile ? null : KanDocumentWriter.Write(document), contracts)
        {
            InputNames = document.InputNames,
            OutputNames = document.OutputNames,
        };
    }

    private static KanDocument Document(NetworkSpec spec)
    {
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        var byLayer = spec.Edges.ToLookup(static edge => edge.Layer);
        for (int layer = 0; layer + 1 < spec.Widths.Count; layer++)
        {
            IEnumerable<KanEdge> edges =
                byLayer[layer].Select(static edge => new KanEdge(edge.Input, edge.Output, edge.Function.ToFunction()));
            layers.Add(new EdgesDescription(spec.Widths[layer], spec.Widths[layer + 1], [.. edges], []));
        }

        return NameMerge.Apply(new KanDocument { Name = spec.Name, Layers = layers.ToImmutable() }, spec.Names);
    }

    private static CompilerOptions Options(TargetType target, Precision precision, Lowering lowering, SourceSettings settings) =>
        new() { Target = target, Precision = precision, Lowering = lowering, AllowUnsafe = settings.AllowUnsafe };

    private static GeneratedSource Guard(Func<GeneratedSource> create, Func<string, GeneratedSource> stub)
    {
        try
        {
            return create();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var fault = GenerationFault.From(exception);
            return stub(fault.Descriptor.Id) with { Fault = fault };
        }
    }
}
