using System.Collections.Immutable;
using Kan.Compiler.Emit;
using Kan.Generators.Equality;

namespace Kan.Generators.Specs;

/// <summary>What one declaration asks for, in values only: nothing here keeps a compilation alive.</summary>
/// <param name="HintName">The name of the file to add, unique in the compilation whatever the case.</param>
internal abstract record Spec(string HintName);

/// <summary>A continuous piecewise-linear function, compared by value.</summary>
internal abstract record FunctionSource
{
    /// <summary>The exact function.</summary>
    public abstract PiecewiseLinearFunction ToFunction();
}

/// <summary>A function that was compiled from C#.</summary>
/// <param name="Function">The exact function.</param>
internal sealed record CompiledFunctionSpec(PiecewiseLinearFunction Function) : FunctionSource
{
    /// <inheritdoc/>
    public override PiecewiseLinearFunction ToFunction() => Function;
}

/// <summary>A curve by its slopes.</summary>
/// <param name="Breakpoints">k increasing numbers.</param>
/// <param name="Slopes">k + 1 slopes.</param>
/// <param name="ValueAtZero">The value at 0.</param>
internal sealed record FunctionSpec(EquatableArray<NumberBits> Breakpoints, EquatableArray<NumberBits> Slopes, NumberBits ValueAtZero)
    : FunctionSource
{
    /// <inheritdoc/>
    public override PiecewiseLinearFunction ToFunction() =>
        PiecewiseLinearFunction.FromSlopes(Exact(Breakpoints), Exact(Slopes), Rational.Zero, Rational.FromDouble(ValueAtZero.Value));

    private static ImmutableArray<Rational> Exact(EquatableArray<NumberBits> numbers) =>
        ImmutableArray.CreateRange(numbers.Items, static number => Rational.FromDouble(number.Value));
}

/// <summary>An edge of a network declared by hand.</summary>
internal sealed record EdgeSpec(int Layer, int Input, int Output, FunctionSource Function);

/// <summary>A network declared by hand.</summary>
internal sealed record NetworkSpec(
    string HintName, string Name, TargetType Target, Precision Precision, Lowering Lowering, EquatableArray<int> Widths,
    EquatableArray<EdgeSpec> Edges)
    : Spec(HintName)
{
    /// <summary>The names of inputs and outputs.</summary>
    public NameSpec Names { get; init; } = NameSpec.None;

    /// <summary>What the network must do.</summary>
    public EquatableArray<ContractSpec> Contracts { get; init; }

    /// <summary>Whether samples with bounds are wanted.</summary>
    public bool EvaluateWithBound { get; init; }
}

/// <summary>A network in a model file; options are null if the declaration is silent.</summary>
internal sealed record ModelSpec(string HintName, string Name, TargetType Target, Precision? Precision, Lowering? Lowering, string File)
    : Spec(HintName)
{
    /// <summary>The names that attributes put over those of the file.</summary>
    public NameSpec Names { get; init; } = NameSpec.None;

    /// <summary>What the network must do.</summary>
    public EquatableArray<ContractSpec> Contracts { get; init; }

    /// <summary>Whether samples with bounds are wanted.</summary>
    public bool EvaluateWithBound { get; init; }

    /// <summary>Names of members that the type has already, among those that a network with names may add.</summary>
    public EquatableArray<string> Taken { get; init; }
}

/// <summary>A curve on a partial method.</summary>
internal sealed record CurveSpec(
    string HintName, string Name, TargetType Target, Precision Precision, string MethodDeclaration, string ParameterName,
    FunctionSource Function)
    : Spec(HintName);

/// <summary>A network whose declaration has a mistake: its members exist, so that only the mistake is reported.</summary>
/// <param name="HintName">The name of the file to add.</param>
/// <param name="Name">The type.</param>
/// <param name="Target">The type to add to.</param>
/// <param name="Precision">The number type.</param>
/// <param name="Inputs">The number of inputs; 0 where it is not known.</param>
/// <param name="Outputs">The number of outputs; 0 where it is not known.</param>
/// <param name="DiagnosticId">The mistake.</param>
internal sealed record NetworkStubSpec(string HintName, string Name, TargetType Target, Precision Precision, int Inputs, int Outputs,
    string DiagnosticId)
    : Spec(HintName)
{
    /// <summary>The names of the inputs, as far as they are known.</summary>
    public EquatableArray<string> InputNames { get; init; }

    /// <summary>The names of the outputs, as far as they are known.</summary>
    public EquatableArray<string> OutputNames { get; init; }

    /// <summary>The labels of the classes, as far as they are known.</summary>
    public EquatableArray<string> Classes { get; init; }

    /// <summary>What the model applies to its outputs, as far as that is known.</summary>
    public NetworkHead Head { get; init; }
}

/// <summary>A curve whose declaration has a mistake.</summary>
internal sealed record CurveStubSpec(string HintName, string Name, TargetType Target, string MethodDeclaration, string DiagnosticId)
    : Spec(HintName);

/// <summary>A declaration that the generator could not read, by its own fault.</summary>
internal sealed record FailedSpec(string Name, string Failure) : Spec(string.Empty);
