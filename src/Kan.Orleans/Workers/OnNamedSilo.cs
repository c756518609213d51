using System;
using System.Linq;
using System.Threading.Tasks;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Kan.Orleans;

/// <summary>Grains that live on the silo whose address is their key.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnNamedSiloAttribute() : PlacementAttribute(new OnNamedSilo());

/// <summary>The strategy of <see cref="OnNamedSiloAttribute"/>.</summary>
[Serializable]
internal sealed class OnNamedSilo : PlacementStrategy;

/// <summary>Finds the silo, or refuses when it is gone.</summary>
internal sealed class OnNamedSiloDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silo = SiloAddress.FromParsableString(target.GrainIdentity.Key.ToString()!);
        return context.GetCompatibleSilos(target).Contains(silo)
            ? Task.FromResult(silo)
            : throw new SiloUnavailableException($"The silo {silo} is gone.");
    }
}
