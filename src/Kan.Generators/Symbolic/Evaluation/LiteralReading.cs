namespace Kan.Generators.Symbolic.Evaluation;

/// <summary>Which exact number a constant of a floating-point type stands for.</summary>
internal enum LiteralReading
{
    /// <summary>The binary number that the C# compiler uses.</summary>
    Binary,

    /// <summary>The decimal number as written.</summary>
    Decimal,
}
