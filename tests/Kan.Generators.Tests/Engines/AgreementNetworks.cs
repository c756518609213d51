using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Numerics;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>Those who compare the networks of <see cref="AgreementNetworks"/>.</summary>
[CollectionDefinition]
public sealed class AgreementGroup : ICollectionFixture<AgreementNetworks>;

/// <summary>
/// The networks of all sets, compiled once, with inputs and what the reference makes of them. A process with other settings loads both from
/// the folder that <see cref="Variable"/> names: what it computes has to have the bits that are recorded there.
/// </summary>
public sealed class AgreementNetworks : IDisposable
{
    /// <summary>The environment variable that names a folder with networks and cases.</summary>
    public const string Variable = "KAN_AGREEMENT_NETWORKS";

    private readonly bool _isRecorded;
    private readonly Dictionary<AgreementSet, GeneratedAssembly> _assemblies;
    private readonly IReadOnlyList<AgreementCase> _cases;

    /// <summary>Compiles the networks, or loads them.</summary>
    public AgreementNetworks()
    {
        _isRecorded = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };
        Folder = _isRecorded ? Environment.GetEnvironmentVariable(Variable)! : Directory.CreateTempSubdirectory("kan-agreement-").FullName;
        if (!_isRecorded) Record();
        _assemblies = Enum.GetValues<AgreementSet>().ToDictionary(static set => set, set => GeneratedAssembly.Load(AssemblyOf(set)));
        _cases = AgreementCase.Read(CasesFile);
    }

    /// <summary>Where another process finds them.</summary>
    public string Folder { get; }

    private string CasesFile => Path.Combine(Folder, "cases");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var assembly in _assemblies.Values) assembly.Dispose();
        if (!_isRecorded) Directory.Delete(Folder, recursive: true);
    }

    /// <summary>At least one in how many comparisons is made: where each operation on a vector is a call, all would take minutes.</summary>
    internal static int Share => Vector.IsHardwareAccelerated ? 1 : 5;

    /// <summary>The cases of a set, or those of each third network.</summary>
    internal IEnumerable<AgreementCase> Cases(AgreementSet set) =>
        _cases.Where(each => each.Set == set && (Share == 1 || each.Document % 3 == 1));

    internal Evaluation<T> Evaluate<T>(AgreementCase subject) => _assemblies[subject.Set].Method<Evaluation<T>>(subject.Type, "Evaluate");

    internal Evaluation<T> EvaluateBatch<T>(AgreementCase subject) =>
        _assemblies[subject.Set].Method<Evaluation<T>>(subject.Type, "EvaluateBatch");

    internal BoundedEvaluation<T> EvaluateWithBound<T>(AgreementCase subject) =>
        _assemblies[subject.Set].Method<BoundedEvaluation<T>>(subject.Type, "EvaluateWithBound");

    internal KanModelInfo Info(AgreementCase subject) =>
        (KanModelInfo)_assemblies[subject.Set].Type(subject.Type).GetProperty("Info")!.GetValue(null)!;

    private string AssemblyOf(AgreementSet set) => Path.Combine(Folder, set + ".dll");

    /// <summary>One set after the other: what the compiler knows of hundreds of networks takes gigabytes.</summary>
    private void Record()
    {
        var cases = new List<AgreementCase>();
        foreach (var set in Enum.GetValues<AgreementSet>())
        {
            using var compiled = CompiledNetworks.Build(AgreementSets.Of(set), isRelease: true);
            File.WriteAllBytes(AssemblyOf(set), compiled.Image);
            cases.AddRange(AgreementSets.Cases(set));
        }

        AgreementCase.Write(CasesFile, cases);
    }
}
