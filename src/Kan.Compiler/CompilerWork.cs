using System;
using System.Globalization;
using System.Linq;
using System.Threading;

namespace Kan.Compiler;

/// <summary>
/// What the compilation of a network may cost: it runs on each key press. The limit grows with the network, so that any network whose
/// tables fit is compiled whose numbers are those of floats or short fractions, while numbers that grow without end are found in less than
/// a second more.
/// </summary>
internal static class CompilerWork
{
    /// <summary>Layers of one network: each has a method, and members of its own in <c>Info</c>.</summary>
    public const int MostLayers = 4096;

    /// <summary>Nodes of one network, of which a few characters can ask for millions.</summary>
    public const long MostNodes = 1 << 22;

    /// <summary>Steps that any network may take; see <see cref="ExactWork"/>.</summary>
    public const long BaseSteps = 500_000_000;

    /// <summary>Steps for each number of a network: some hundred operations on doubles.</summary>
    public const long StepsOfNumber = 10_000;

    // A multiple of a function takes some hundred operations for each of its numbers.
    private const int FoldedShare = 10;

    /// <summary>Bits of one exact number, of which some 80,000 decimal digits are left.</summary>
    public const int MostBits = 1 << 18;

    /// <summary>Compiles within the limit.</summary>
    /// <exception cref="NetworkTooLargeException">The network is too large, or its exact numbers are.</exception>
    public static T Within<T>(KanDocument document, Func<T> compile, CancellationToken cancellation)
    {
        Require(document.Layers.Length, MostLayers, "layers");
        Require(document.Layers.Sum(static layer => (long)layer.OutputCount) + document.Layers[0].InputCount, MostNodes, "nodes");
        return Within(document.Layers.Sum(Numbers) + Folded(document), compile, cancellation);
    }

    /// <summary>Compiles something of some numbers within the limit.</summary>
    /// <exception cref="NetworkTooLargeException">Its exact numbers are too large.</exception>
    public static T Within<T>(long numbers, Func<T> compile, CancellationToken cancellation)
    {
        using var work = ExactWork.Limit(BaseSteps + (StepsOfNumber * numbers), MostBits, cancellation);
        try
        {
            return compile();
        }
        catch (ExactWorkException exception)
        {
            throw new NetworkTooLargeException(exception.Message, exception);
        }
    }

    /// <summary>The numbers of edges that have the functions of the activation before them.</summary>
    private static long Folded(KanDocument document)
    {
        long numbers = 0;
        for (int l = 1; l < document.Layers.Length; l++)
        {
            if (document.Layers[l - 1] is ActivationDescription activation)
                numbers += activation.Functions.Sum(static function => (long)function.Slopes.Length) * document.Layers[l].OutputCount
                    * (activation.Functions.Length == 1 ? activation.Size : 1) / FoldedShare;
        }

        return Math.Min(numbers, MostNodes);
    }

    private static long Numbers(LayerDescription layer) => layer switch
    {
        AffineDescription affine => affine.Weights.Length + affine.Outputs,
        ActivationDescription activation => activation.Size + activation.Functions.Sum(static function => (long)function.Slopes.Length),
        GridDescription grid => grid.Values.Length + grid.Outputs,
        EdgesDescription edges => edges.Edges.Sum(static edge => (long)edge.Function.Slopes.Length) + edges.Outputs,
        ConvolutionDescription convolution => convolution.Weights.Length + convolution.Filters + (convolution.EdgeCount / 100),
        MaximumDescription maximum => maximum.OutputCount,
        _ => 0,
    };

    private static void Require(long count, long most, string noun)
    {
        if (count > most)
            throw new NetworkTooLargeException(
                string.Format(CultureInfo.InvariantCulture, "it has {0:N0} {1}, and the most is {2:N0}", count, noun, most));
    }
}
