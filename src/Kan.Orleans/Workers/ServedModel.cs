using System;
using System.Numerics;
using DuckDB.NET.Data;
using Kan.DuckDB;

namespace Kan.Orleans;

/// <summary>The compiled network that a silo serves.</summary>
internal abstract class ServedModel
{
    /// <summary>The hash of the network.</summary>
    public abstract string Hash { get; }

    /// <summary>Makes the network a SQL function.</summary>
    public abstract void Register(DuckDBConnection connection, string name);

    /// <summary>Evaluates rows.</summary>
    /// <param name="inputs">The rows; for a network in <c>float</c>, they are rounded to the nearest.</param>
    /// <returns>The outputs of each row.</returns>
    /// <exception cref="ArgumentException">The numbers are not whole rows.</exception>
    public abstract double[] Evaluate(double[] inputs);

    /// <exception cref="WrongModelException">The silo serves another network than that of the hash.</exception>
    public void Demand(string hash)
    {
        if (hash != Hash) throw new WrongModelException(Hash, hash);
    }
}

/// <summary>A compiled network and its number type.</summary>
internal sealed class ServedModel<TModel, T> : ServedModel
    where TModel : IKanModel<T>
    where T : unmanaged, INumber<T>
{
    public override string Hash => TModel.Info.ContentHash;

    public override void Register(DuckDBConnection connection, string name) => Registration.Register<TModel, T>(connection, name);

    public override double[] Evaluate(double[] inputs)
    {
        if (inputs.Length % TModel.InputCount != 0)
            throw new ArgumentException($"{inputs.Length} numbers are not rows of {TModel.InputCount}.", nameof(inputs));
        var outputs = new T[inputs.Length / TModel.InputCount * TModel.OutputCount];
        TModel.EvaluateBatch(Array.ConvertAll(inputs, T.CreateSaturating), outputs);
        return Array.ConvertAll(outputs, double.CreateSaturating);
    }
}
