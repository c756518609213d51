using System;
using DuckDB.NET.Data;

namespace Kan.DuckDB;

/// <summary>Compiled networks in <c>float</c> as SQL functions.</summary>
public static class KanFunctions
{
    /// <summary>
    /// Makes a compiled network the scalar SQL function <paramref name="name"/>, and its local linear map the function <c>NAME_explain</c>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The function takes one argument per input, in order: FLOAT, or DOUBLE, which is rounded to the nearest float. It returns FLOAT, or,
    /// for a network with several outputs, a STRUCT whose fields have the names of labels or outputs (<c>y0</c>, <c>y1</c>, ... without
    /// names, and where two differ in case alone). Results are bit-identical to <see cref="IKanModel{T}.EvaluateBatch"/>. Any argument that
    /// is NULL makes the result NULL; NaN is a number, and gives NaN in every output that depends on it.
    /// </para>
    /// <para>
    /// <c>NAME_explain</c> takes the same arguments and returns a STRUCT: <c>slopes</c>, a STRUCT with one field per input; <c>offset</c>;
    /// and <c>on_border</c>, whether the sample lies between linear regions. With several outputs, <c>slopes</c> and <c>offset</c> have one
    /// field per output.
    /// </para>
    /// <para>
    /// The functions belong to the database of the connection: its other connections see them, until it is closed. A network that is
    /// registered under the name of another with as many inputs takes its place. DuckDB calls the functions from several threads at once.
    /// </para>
    /// </remarks>
    /// <typeparam name="TModel">The network.</typeparam>
    /// <param name="connection">An open connection.</param>
    /// <param name="name">The name of the function: letters, digits and underscores, not beginning with a digit.</param>
    /// <exception cref="ArgumentException">The name is not valid, or is that of a built-in function.</exception>
    /// <exception cref="InvalidOperationException">The connection is not open.</exception>
    public static void RegisterKan<TModel>(this DuckDBConnection connection, string name)
        where TModel : IKanModel<float> => Registration.Register<TModel, float>(connection, name);
}
