using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Fuzzing.Archives;
using Kan.Fuzzing.Json;
using Kan.Fuzzing.Onnx;
using Kan.Fuzzing.Sources;
using Kan.Fuzzing.Text;

namespace Kan.Fuzzing.Cases;

/// <summary>The engines.</summary>
internal static class Engines
{
    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<FuzzEngine> All { get; } =
        [new OnnxEngine(), new ImageEngine(), new TorchEngine(), new SafetensorsEngine(), new NumPyEngine(), new PykanEngine(), new KanJsonEngine(),
        new NNetEngine(), new RTNeuralEngine(), new KerasEngine(), new RowsEngine(), new SourceEngine()];

    /// <summary>The engine of a name; null where there is none. That with planted faults is not one of <see cref="All"/>.</summary>
    public static FuzzEngine? Find(string name) =>
        name == PlantedEngine.EngineName ? new PlantedEngine() : All.FirstOrDefault(engine => engine.Name == name);
}
