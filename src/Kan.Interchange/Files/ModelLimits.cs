using System;

namespace Kan.Interchange;

/// <summary>
/// What reading one model may take. Sizes are checked before memory is spent on them, exact arithmetic is charged as it is done. All limits
/// are counts, never times: whether a file is read does not depend on the machine.
/// </summary>
internal static class ModelLimits
{
    /// <summary>Bytes of a file, or of an entry once expanded: 512 MiB.</summary>
    public const long FileBytes = 512L << 20;

    /// <summary>Numbers in one model. Generated code past this size helps nobody.</summary>
    public const int Parameters = 1 << 24;

    /// <summary>Nodes in one layer, and numbers in one value that depends on the inputs.</summary>
    public const int Width = 1 << 20;

    /// <summary>Edges of the layers that are written edge by edge: about 200 MB of text.</summary>
    public const int Edges = 1 << 21;

    /// <summary>Layers of one network.</summary>
    public const int Layers = 1 << 14;

    /// <summary>Axes of one tensor.</summary>
    public const int Axes = 64;

    /// <summary>Bits of one exact number, numerator and denominator together: 4,932 digits, which <c>.kan.json</c> still holds.</summary>
    public const int NumberBits = 1 << 14;

    /// <summary>The largest degree of splines.</summary>
    public const int SplineDegree = 16;

    /// <summary>
    /// About how many segments all curves of a model may take together. Past this the code helps nobody, and finding it takes minutes.
    /// </summary>
    public const int Segments = 1 << 19;

    /// <summary>Bytes that one edge takes in <c>.kan.json</c>, roughly, for messages.</summary>
    public const int EdgeBytes = 96;

    /// <summary>
    /// Steps that approximating curves may take, each bound of a segment ten thousand of them: a minute or two of a processor.
    /// </summary>
    public const long ApproximationWork = 50_000_000_000;

    // Steps of some nanoseconds: what small files may take, and what each byte of larger ones adds.
    private const long BaseWork = 400_000_000, WorkOfByte = 500;

    /// <summary>
    /// Multiplications that the operators of a graph may take together; small files can ask for large models, since weights may be used
    /// again.
    /// </summary>
    /// <param name="bytes">The length of the file.</param>
    public static long MultiplicationsOf(long bytes) => Math.Min(2L * Parameters, (1L << 24) + (4 * bytes));

    /// <summary>Steps of exact arithmetic that reading a file may take.</summary>
    /// <param name="bytes">Its length.</param>
    public static long WorkOf(long bytes) => BaseWork + (WorkOfByte * bytes);

    /// <summary>Numbers that the layers of a model may have. Weights that are shared or compressed make more of them than bytes.</summary>
    /// <param name="bytes">The length of its file.</param>
    public static long NumbersOf(long bytes) => Math.Min(2L * Parameters, Width + (64 * bytes));
}
