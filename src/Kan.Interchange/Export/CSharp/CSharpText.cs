namespace Kan.Interchange;

/// <summary>The operations of forms as portable C#. Each result is cast: a runtime may compute in a wider type until then.</summary>
internal readonly struct CSharpText(Precision precision) : INumberOps<string>
{
    /// <summary>The number type.</summary>
    public string Type => precision == Precision.Single ? "float" : "double";

    public string Zero => precision == Precision.Single ? "0f" : "0.0";

    public string Least => Type + ".MinValue";

    public string Most => Type + ".MaxValue";

    public string Add(string left, string right) => $"({Type})({left} + {right})";

    public string Subtract(string left, string right) => $"({Type})({left} - {right})";

    public string AtLeast(string value, string bound) => $"AtLeast({value}, {bound})";

    public string AtMost(string value, string bound) => $"AtMost({value}, {bound})";

    public string Fma(string left, string right, string addend) => $"Fma({left}, {right}, {addend})";
}
