namespace Kan.DuckDB;

/// <summary>A function that DuckDB calls with a chunk of rows.</summary>
internal abstract class ChunkFunction
{
    /// <summary>The type of its results.</summary>
    public abstract SqlType Result { get; }

    /// <summary>Computes the results of a chunk. Several threads may be inside.</summary>
    /// <param name="chunk">The arguments: flat vectors, one per input.</param>
    /// <param name="output">The vector of results.</param>
    public abstract void Run(nint chunk, nint output);
}
