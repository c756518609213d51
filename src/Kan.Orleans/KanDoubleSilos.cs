using System;
using Orleans.Hosting;

namespace Kan.Orleans;

/// <summary>
/// Silos that score by a network in <c>double</c>. Separate from <see cref="KanSilos"/>, since the methods of one class may not differ in
/// constraints alone.
/// </summary>
public static class KanDoubleSilos
{
    /// <summary>Makes a silo score by a compiled network, as <see cref="KanSilos.AddKanScoring"/> does.</summary>
    /// <typeparam name="TModel">The network.</typeparam>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">What the silo may use.</param>
    /// <returns>The silo.</returns>
    public static ISiloBuilder AddKanScoring<TModel>(this ISiloBuilder silo, Action<KanScoringOptions>? configure = null)
        where TModel : IKanModel<double> => KanSilos.Add(silo, new ServedModel<TModel, double>(), configure);
}
