using System;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>What QuantizeLinear and DequantizeLinear do to one number, operation by operation.</summary>
internal static class CodeRules
{
    /// <summary>The code of a number.</summary>
    public static int Code(float value, CodeRange range) => Saturate(value / range.Scale, range, lowest: 0);

    /// <summary>The number of a code.</summary>
    public static float Number(int code, CodeRange range) => (code - range.Zero) * range.Scale;

    /// <summary>The code that an integer network makes of another one where it hands codes on.</summary>
    public static int Recode(int code, CodeRange from, CodeRange to, int lowest) =>
        Saturate((code - from.Zero) * (from.Scale / to.Scale), to, lowest);

    /// <summary>The code that is nearest to a number of steps.</summary>
    public static int Saturate(float steps, CodeRange range, int lowest) =>
        (int)Math.Round(Math.Min(Math.Max(steps, lowest - range.Zero), CodeRange.Highest - range.Zero), MidpointRounding.ToEven)
            + range.Zero;
}
