namespace Kan.Panels;

/// <summary>
/// 16 sums of integers, whatever the machine's vectors. Sums of integers have no order, so all panels give the same numbers.
/// </summary>
/// <typeparam name="TSelf">The panel.</typeparam>
internal interface IIntegerPanel<TSelf>
    where TSelf : struct, IIntegerPanel<TSelf>
{
    /// <summary>Vector registers that one panel occupies.</summary>
    static abstract int Registers { get; }

    /// <summary>Reads 16 sums.</summary>
    static abstract TSelf Load(ref readonly int source);

    /// <summary>Writes 16 sums.</summary>
    static abstract void Store(TSelf sums, ref int destination);

    /// <summary>The same number for each sum.</summary>
    static abstract TSelf Splat(int number);

    /// <summary>Four codes of 0 to 255, as often as there are sums.</summary>
    static abstract TSelf Splat(ref readonly byte codes);

    /// <summary>The bits that two have.</summary>
    static abstract TSelf And(TSelf left, TSelf right);

    /// <summary>Adds to each sum four products.</summary>
    /// <param name="sums">16 sums.</param>
    /// <param name="codes">What <see cref="Splat(ref readonly byte)"/> gave.</param>
    /// <param name="weights">16 times four weights of -128 to 127.</param>
    static abstract TSelf AddProducts(TSelf sums, TSelf codes, ref readonly int weights);
}
