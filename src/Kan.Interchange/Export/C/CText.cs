namespace Kan.Interchange;

/// <summary>The operations of forms as C.</summary>
internal readonly struct CText(CWriter writer) : INumberOps<string>
{
    public string Zero => writer.Zero;

    public string Least => "-" + writer.Largest;

    public string Most => writer.Largest;

    public string Add(string left, string right) => $"{left} + {right}";

    public string Subtract(string left, string right) => $"{left} - {right}";

    public string AtLeast(string value, string bound) => $"at_least({value}, {bound})";

    public string AtMost(string value, string bound) => $"at_most({value}, {bound})";

    public string Fma(string left, string right, string addend) => $"{writer.Fma}({left}, {right}, {addend})";
}
