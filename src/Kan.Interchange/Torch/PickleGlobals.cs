using System;
using System.Collections.Generic;

namespace Kan.Interchange.Torch;

/// <summary>
/// The names that a pickle of weights may hold. A name that is not here is refused: Python would run it, this reader runs nothing.
/// </summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, PickleGlobal> s_known = Create();

    /// <summary>The meaning of a name, or null if it is not known.</summary>
    public static PickleGlobal? Find(string module, string name) => s_known.GetValueOrDefault(module + "." + name);

    private static Dictionary<string, PickleGlobal> Create()
    {
        var known = new Dictionary<string, PickleGlobal>(StringComparer.Ordinal);
        Add(PickleGlobalKind.Dictionary, "collections.OrderedDict");
        Add(PickleGlobalKind.Tensor, "torch._utils._rebuild_tensor_v2");
        Add(PickleGlobalKind.Parameter, "torch._utils._rebuild_parameter");
        foreach (var (type, element) in new[]
        {
            ("Float", ElementType.Float32), ("Double", ElementType.Float64), ("Half", ElementType.Float16),
                ("BFloat16", ElementType.BFloat16),
            ("Long", ElementType.Int64), ("Int", ElementType.Int32), ("Short", ElementType.Int16), ("Char", ElementType.Int8),
                ("Byte", ElementType.UInt8), ("Bool", ElementType.Bool),
        })
        {
            Add(PickleGlobalKind.Storage, $"torch.{type}Storage", element);
        }

        foreach (string type in new[] { "float16", "float32", "float64", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
            "half", "float", "double", "long", "int", "device", "Size" })
            Add(PickleGlobalKind.Opaque, "torch." + type);

        // Numbers of NumPy: losses and scores that checkpoints keep next to the weights.
        foreach (string name in new[] { "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.dtype", "_codecs.encode" })
            Add(PickleGlobalKind.Opaque, name);
        return known;

        void Add(PickleGlobalKind kind, string name, ElementType element = default) =>
            known.Add(name, new PickleGlobal(name, kind, element));
    }
}
