using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Kan.Networks;

/// <summary>Writes what the integers of a quantised network stand for.</summary>
internal static class CodesWriter
{
    /// <summary>Writes the field <c>codes</c>.</summary>
    /// <exception cref="System.ArgumentException">The codes do not fit the layers.</exception>
    public static void Write(StringBuilder output, QuantizedCodes codes, ImmutableArray<LayerDescription> layers)
    {
        codes.FormOf(layers);
        output.Append(",\n  \"codes\": {\n    \"inputs\": ");
        WriteStep(output, new CodeStep(codes.Inputs, codes.LowestInput));
        output.Append(",\n    \"layers\": [");
        for (int l = 0; l < codes.Layers.Length; l++)
        {
            var layer = codes.Layers[l];
            output.Append(l == 0 ? "\n" : ",\n").Append("      { \"weights\": ");
            NumberArray.Write(output, [.. layer.WeightScales.Select(Rational.FromSingle)]);
            for (int i = 0; i < layer.Codes.Length; i++)
            {
                output.Append(i == 0 ? ", \"nodes\": [" : ", ");
                WriteStep(output, layer.Codes[i]);
            }

            output.Append(layer.Codes.IsEmpty ? " }" : "] }");
        }

        output.Append("\n    ]\n  }");
    }

    private static void WriteStep(StringBuilder output, CodeStep step)
    {
        output.Append("{ \"scale\": ");
        NumberArray.WriteNumber(output, Rational.FromSingle(step.Range.Scale));
        output.Append(", \"zero\": ").Append(step.Range.Zero.ToString(CultureInfo.InvariantCulture));
        if (step.Lowest != 0) output.Append(", \"lowest\": ").Append(step.Lowest.ToString(CultureInfo.InvariantCulture));
        output.Append(" }");
    }
}
