using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Emit;
using Kan.Generators.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Reports;

/// <summary>One layer as the generated code describes it.</summary>
internal sealed record GeneratedLayer(int Inputs, int Outputs, int Edges, int Segments, string Lowering, string Reason, int TableBytes);

/// <summary>
/// What became of a network: read from the <c>Info</c> that the generator printed, whose compilation is so the only one. The analyzer sees
/// generated code in every host, and reading a few literals costs nothing.
/// </summary>
internal sealed record GeneratedInfo(ImmutableArray<GeneratedLayer> Layers, double ErrorBound, string ErrorBoundReason, bool HasRanges,
    ImmutableArray<int> UnreadInputs, ImmutableArray<int> ConstantOutputs)
{
    /// <summary>The hash of the exact network.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>What the network must do, one sentence each.</summary>
    public ImmutableArray<string> Contracts { get; init; } = [];

    /// <summary>Why samples have no bound though one is wanted; empty if they have one, or none is wanted.</summary>
    public string NoSampleBound { get; init; } = "";

    /// <summary>The number of inputs.</summary>
    public int Inputs => Layers[0].Inputs;

    /// <summary>The number of outputs.</summary>
    public int Outputs => Layers[Layers.Length - 1].Outputs;

    /// <summary>The bytes of all tables.</summary>
    public long TableBytes => Layers.Sum(static layer => (long)layer.TableBytes);

    /// <summary>What was generated for a type; null if nothing was, or a stub.</summary>
    /// <exception cref="System.FormatException">The generator printed something that is not read here.</exception>
    public static GeneratedInfo? Of(INamedTypeSymbol type, CancellationToken cancellation)
    {
        foreach (var property in type.GetMembers("Info").OfType<IPropertySymbol>())
        {
            foreach (var reference in property.DeclaringSyntaxReferences.Where(GeneratedFiles.Contains))
            {
                if (reference.GetSyntax(cancellation)
                    is PropertyDeclarationSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax creation })
                    return Read(creation);
            }
        }

        return null;
    }

    /// <summary>What a printed <c>Info</c> says.</summary>
    /// <exception cref="System.FormatException">It has a part that is not known here, or lacks one.</exception>
    public static GeneratedInfo Read(BaseObjectCreationExpressionSyntax creation)
    {
        var info = new NamedParts("Info", creation);
        info.Skip("Name", "Precision", "Widths", "InputNames", "InputUnits", "OutputNames", "Labels");
        var result = new GeneratedInfo(
            [.. info.List("Layers").Select(ReadLayer)],
            info.Number("ErrorBound"),
            info.TryText("ErrorBoundReason") ?? "",
            !info.TryList("InputRanges").IsEmpty,
            [.. info.TryList("UnreadInputs").Select(NamedParts.Integer)],
            [.. info.TryList("ConstantOutputs").Select(NamedParts.Integer)]);
        result = result with
        {
            ContentHash = info.Text("ContentHash"),
            Contracts = info.TryTexts("Contracts"),
            NoSampleBound = info.TryTexts("Notes")
                .FirstOrDefault(static note => note.StartsWith(NetworkWords.NoBound, StringComparison.Ordinal))
                ?.Substring(NetworkWords.NoBound.Length).TrimEnd('.') ?? "",
        };
        info.RequireAllRead();
        return result;
    }

    private static GeneratedLayer ReadLayer(ExpressionSyntax expression)
    {
        var layer = new NamedParts("a layer of Info", expression);
        var result = new GeneratedLayer(
            layer.Integer("Inputs"), layer.Integer("Outputs"), layer.Integer("Edges"), layer.Integer("Segments"), layer.Member("Lowering"),
            layer.Text("Reason"), layer.Integer("TableBytes"));
        layer.RequireAllRead();
        return result;
    }
}
