using System;
using DuckDB.NET.Data;

namespace Kan.DuckDB;

/// <summary>
/// Compiled networks in <c>double</c> as SQL functions. Separate from <see cref="KanFunctions"/>, since the methods of one class may not
/// differ in constraints alone.
/// </summary>
public static class KanDoubleFunctions
{
    /// <summary>
    /// Makes a compiled network the scalar SQL function <paramref name="name"/>, and its local linear map the function <c>NAME_explain</c>,
    /// as <see cref="KanFunctions.RegisterKan{TModel}"/> does; arguments and results are DOUBLE.
    /// </summary>
    /// <typeparam name="TModel">The network.</typeparam>
    /// <param name="connection">An open connection.</param>
    /// <param name="name">The name of the function: letters, digits and underscores, not beginning with a digit.</param>
    /// <exception cref="ArgumentException">The name is not valid, or is that of a built-in function.</exception>
    /// <exception cref="InvalidOperationException">The connection is not open.</exception>
    public static void RegisterKan<TModel>(this DuckDBConnection connection, string name)
        where TModel : IKanModel<double> => Registration.Register<TModel, double>(connection, name);
}
