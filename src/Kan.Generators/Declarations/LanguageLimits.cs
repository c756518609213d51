using Kan.Generators.Diagnostics;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Generators.Declarations;

/// <summary>The version of C# that generated code needs. In an older one, every declaration gets a stub and one error.</summary>
internal static class LanguageLimits
{
    /// <summary>The oldest version in which generated code compiles.</summary>
    public const LanguageVersion Least = LanguageVersion.CSharp13;

    // Static members of interfaces are implemented from here.
    private const LanguageVersion LeastForInterface = LanguageVersion.CSharp11;

    /// <summary>The version of a compilation, if it is too old.</summary>
    public static LanguageVersion? TooOld(Compilation compilation) =>
        compilation is CSharpCompilation { LanguageVersion: < Least and var version } ? version : null;

    /// <summary>The error of a declaration.</summary>
    public static Problem Problem(LanguageVersion version, string name, Place place) =>
        new(Descriptors.LanguageIsTooOld, place, name, Least.ToDisplayString(), version.ToDisplayString());

    /// <summary>The declaration as a stub.</summary>
    public static Spec Stub(Spec spec, LanguageVersion version)
    {
        string id = Descriptors.LanguageIsTooOld.Id;
        return spec switch
        {
            NetworkSpec network =>
                Network(new NetworkStubSpec(network.HintName, network.Name, network.Target, network.Precision, network.Widths[0],
                    network.Widths[network.Widths.Count - 1], id)),
            ModelSpec model => Network(new NetworkStubSpec(model.HintName, model.Name, model.Target, model.Precision ?? default, 0, 0, id)),
            NetworkStubSpec stub => Network(stub with { DiagnosticId = id }),
            CurveSpec curve => new CurveStubSpec(curve.HintName, curve.Name, curve.Target, curve.MethodDeclaration, id),
            _ => spec,
        };

        // What a static type gets has no interface.
        NetworkStubSpec Network(NetworkStubSpec stub) =>
            version < LeastForInterface ? stub with { Target = stub.Target with { IsStatic = true } } : stub;
    }
}
