using System.Threading.Tasks;
using Orleans;
using Orleans.Concurrency;

namespace Kan.Orleans;

/// <summary>Evaluates single rows on any silo. The key is the hash of the network.</summary>
[Alias("kan.evaluation")]
public interface IEvaluationGrain : IGrainWithStringKey
{
    /// <summary>Evaluates rows.</summary>
    /// <param name="rows">The inputs of one row after the other; for a network in <c>float</c>, they are rounded to the nearest.</param>
    /// <returns>The outputs of one row after the other, the numbers of <see cref="IKanModel{T}.EvaluateBatch"/>.</returns>
    /// <exception cref="WrongModelException">The silo serves another network.</exception>
    /// <exception cref="System.ArgumentException">The numbers are not whole rows.</exception>
    [Alias("evaluate")]
    Task<double[]> Evaluate(double[] rows);
}

/// <inheritdoc cref="IEvaluationGrain"/>
[StatelessWorker]
internal sealed class EvaluationGrain(ServedModel model) : Grain, IEvaluationGrain
{
    public Task<double[]> Evaluate(double[] rows)
    {
        model.Demand(this.GetPrimaryKeyString());
        return Task.FromResult(model.Evaluate(rows));
    }
}
