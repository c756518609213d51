using System;
using System.IO;
using System.Linq;
using Kan.Generators.Tests.Engines;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Shape;

/// <summary>Those who look at the networks of <see cref="ShapeAssembly"/>.</summary>
[CollectionDefinition]
public sealed class ShapeGroup : ICollectionFixture<ShapeAssembly>;

/// <summary>
/// The networks whose machine code is looked at, compiled once as in a release. A process whose JIT lists what it makes of them loads them
/// from the file that <see cref="Variable"/> names.
/// </summary>
public sealed class ShapeAssembly : IDisposable
{
    /// <summary>The environment variable that names the assembly.</summary>
    public const string Variable = "KAN_SHAPE_NETWORKS";

    private readonly bool _isGiven;
    private readonly GeneratedAssembly _assembly;

    /// <summary>Compiles the networks, or loads them.</summary>
    public ShapeAssembly()
    {
        _isGiven = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };
        if (_isGiven)
        {
            Path = Environment.GetEnvironmentVariable(Variable)!;
            _assembly = GeneratedAssembly.Load(Path);
            return;
        }

        string source = string.Concat(ShapeNetworks.Documents.Select(static network =>
            $"[Kan.KanModel(\"{network.Name}.onnx\"{(network.Name == "Clamped" ? ", Lowering = Kan.Lowering.Clamp" : "")})] internal "
            + $"sealed partial class {network.Name};\n"));
        _assembly = GeneratorHarness.BuildRelease(source,
            [.. ShapeNetworks.Documents.Select(static network => (network.Name + ".onnx", KanDocumentWriter.Write(network)))]);
        Path = System.IO.Path.GetTempFileName();
        File.WriteAllBytes(Path, _assembly.Image);
    }

    /// <summary>Where another process finds it.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _assembly.Dispose();
        if (!_isGiven) File.Delete(Path);
    }

    internal Evaluation<float> Method(string network, string name) => _assembly.Method<Evaluation<float>>(network, name);
}
