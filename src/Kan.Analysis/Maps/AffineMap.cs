using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis;

/// <summary>An exact affine map y = A x + c: what a network computes on one of its linear regions.</summary>
public sealed class AffineMap : IEquatable<AffineMap>
{
    private readonly ImmutableArray<Rational> _coefficients;

    internal AffineMap(int inputCount, ImmutableArray<Rational> coefficients, ImmutableArray<Rational> constants)
    {
        InputCount = inputCount;
        _coefficients = coefficients;
        Constants = constants;
    }

    /// <summary>The number of variables: 2 for a picture in the plane, 1 for a line.</summary>
    public int InputCount { get; }

    /// <summary>The number of outputs of the network.</summary>
    public int OutputCount => Constants.Length;

    /// <summary>c, one for each output.</summary>
    public ImmutableArray<Rational> Constants { get; }

    /// <summary>A[output, input]: the partial derivative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The edge does not exist.</exception>
    public Rational this[int output, int input]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(output);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, OutputCount);
            ArgumentOutOfRangeException.ThrowIfNegative(input);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(input, InputCount);
            return _coefficients[(output * InputCount) + input];
        }
    }

    /// <summary>A x + c, exactly.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public Rational[] Evaluate(params IReadOnlyList<Rational> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != InputCount)
            throw new ArgumentException($"The map has {InputCount} inputs, not {inputs.Count}.", nameof(inputs));
        var outputs = Constants.ToArray();
        for (int i = 0; i < _coefficients.Length; i++) outputs[i / InputCount] += _coefficients[i] * inputs[i % InputCount];
        return outputs;
    }

    /// <inheritdoc/>
    public bool Equals(AffineMap? other) => other is not null
        && InputCount == other.InputCount
        && Constants.SequenceEqual(other.Constants)
        && _coefficients.SequenceEqual(other._coefficients);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AffineMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in _coefficients) hash.Add(value);
        foreach (var value in Constants) hash.Add(value);
        return hash.ToHashCode();
    }
}
