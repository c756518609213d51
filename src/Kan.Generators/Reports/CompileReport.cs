using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Generators.Contracts;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.Reports;

/// <summary>What the compiler made of a network, and what is surprising about it.</summary>
internal static class CompileReport
{
    /// <summary>The setting of <c>.editorconfig</c> that the certified bounds of a file's networks must not exceed.</summary>
    public const string BoundLimit = "kan_error_bound_limit";

    /// <summary>Segments of an edge, on average over a layer, up to which finding one costs little compared with the rest.</summary>
    private const int MostSegments = 64;

    /// <summary>Bytes of tables that a core keeps near: each sample reads all of what is not rows.</summary>
    private const long MostTableBytes = 1 << 20;

    private const int MostListed = 8;

    /// <summary>The reports of a network; none if none was generated.</summary>
    /// <param name="type">The type.</param>
    /// <param name="place">What asks for the network.</param>
    /// <param name="lowering">Where its lowering is named.</param>
    /// <param name="isModel">Whether the network is in a file.</param>
    /// <param name="options">The settings of the file that asks.</param>
    /// <param name="proofs">What the last build found out about contracts.</param>
    /// <param name="cancellation">Cancels.</param>
    public static IEnumerable<Problem> Of(INamedTypeSymbol type, Place place, Place lowering, bool isModel, AnalyzerConfigOptions? options,
        ProofResults proofs, CancellationToken cancellation)
    {
        GeneratedInfo? info;
        try
        {
            info = GeneratedInfo.Of(type, cancellation);
        }
        catch (FormatException exception)
        {
            return [new Problem(Descriptors.InternalError, place, type.Name, exception.Message)];
        }

        if (info is null) return [];
        return [.. OfNodes(type, place, info, isModel), .. OfLayers(type, place, lowering, info),
            .. OfBound(type, place, info, isModel, options), .. proofs.Of(type, info.ContentHash, info.Contracts, cancellation)];
    }

    private static IEnumerable<Problem> OfNodes(INamedTypeSymbol type, Place place, GeneratedInfo info, bool isModel)
    {
        if (!info.ConstantOutputs.IsEmpty)
            yield return new Problem(Descriptors.OutputIsConstant, place, Nodes("Output", info.ConstantOutputs), type.Name);

        // Of a network without a way through, one of the two says it all.
        if (info.UnreadInputs.IsEmpty || (!isModel && info.ConstantOutputs.Length == info.Outputs)) yield break;
        yield return isModel
            ? new Problem(Descriptors.ModelInputsAreUnread, place, type.Name, Text(info.UnreadInputs.Length), Text(info.Inputs),
                Nodes("input", info.UnreadInputs))
            : new Problem(Descriptors.InputIsUnread, place, type.Name, Nodes("input", info.UnreadInputs));
    }

    private static IEnumerable<Problem> OfLayers(INamedTypeSymbol type, Place place, Place lowering, GeneratedInfo info)
    {
        var listed = info.Layers.Take(MostListed)
            .Select(static (layer, i) => Text(i) + " is " + layer.Lowering + " (" + layer.Reason + ")");
        string layers = string.Join(", ", listed) + (info.Layers.Length > MostListed ? ", ..." : "");
        yield return new Problem(Descriptors.NetworkIsCompiled, place, type.Name, Count(info.Layers.Length, "layer"), Text(info.TableBytes),
            layers);

        for (int i = 0; i < info.Layers.Length; i++)
        {
            var layer = info.Layers[i];
            if (layer.Segments > (long)MostSegments * layer.Edges)
                yield return new Problem(Descriptors.LayerHasManySegments, place, Text(i), type.Name, Text(layer.Segments),
                    Count(layer.Edges, "edge"));
        }

        if (info.TableBytes > MostTableBytes)
            yield return new Problem(Descriptors.TablesAreLarge, place, type.Name, Text(info.TableBytes), Text(MostTableBytes));
        if (info.Layers.Any(static layer => layer.Lowering == nameof(Lowering.Relu)))
            yield return new Problem(Descriptors.ReluFormIsAskedFor, lowering, type.Name);
    }

    private static IEnumerable<Problem> OfBound(INamedTypeSymbol type, Place place, GeneratedInfo info, bool isModel,
        AnalyzerConfigOptions? options)
    {
        string bound = info.ErrorBound.ToString("E1", CultureInfo.InvariantCulture);
        bool isFinite = !double.IsInfinity(info.ErrorBound);
        if (isFinite) yield return new Problem(Descriptors.BoundIsCertified, place, type.Name, bound);
        else if (info.HasRanges) yield return new Problem(Descriptors.BoundIsInfinite, place, type.Name, info.ErrorBoundReason);
        else if (isModel) yield return new Problem(Descriptors.RangeIsNotDeclared, place, type.Name);

        if (info.NoSampleBound.Length > 0) yield return new Problem(Descriptors.SampleHasNoBound, place, type.Name, info.NoSampleBound);

        if (options is null || !options.TryGetValue(BoundLimit, out string? text)) yield break;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double limit) || !(limit >= 0))
            yield return new Problem(Descriptors.SettingIsWrong, place, BoundLimit, text, "a non-negative number, such as 1e-3,");
        else if (info.ErrorBound > limit)
            yield return new Problem(Descriptors.BoundExceedsLimit, place, type.Name, isFinite ? bound : "infinite", text);
    }

    private static string Nodes(string noun, ImmutableArray<int> nodes)
    {
        string listed = string.Join(", ", nodes.Take(MostListed).Select(static node => Text(node)));
        return noun + (nodes.Length == 1 ? " " : "s ") + listed + (nodes.Length > MostListed ? ", ..." : "");
    }

    private static string Count(int count, string noun) => Text(count) + " " + noun + (count == 1 ? "" : "s");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
