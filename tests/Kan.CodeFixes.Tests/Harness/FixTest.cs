extern alias fixes;
extern alias generators;

using System;
using System.Collections.Generic;
using System.Linq;
using fixes::Kan.CodeFixes.Declarations;
using fixes::Kan.CodeFixes.Plans;
using generators::Kan.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace Kan.CodeFixes.Tests.Harness;

/// <summary>Runs a fix as the testing library does, on sources with the library and the generated code.</summary>
internal sealed class FixTest<TFix> : CSharpCodeFixTest<KanAnalyzer, TFix, DefaultVerifier>
    where TFix : PlannedFixProvider, new()
{
    public FixTest(string before, string after)
    {
        ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        TestBehaviors |= TestBehaviors.SkipGeneratedSourcesCheck;

        // A mistake may be in a method that an edge calls. Mistakes in types must be where an editor looks for fixes.
        if (typeof(TFix) != typeof(MakePartialFix) && typeof(TFix) != typeof(RemoveFileModifierFix))
            CodeFixTestBehaviors |= CodeFixTestBehaviors.SkipLocalDiagnosticCheck;
        DisabledDiagnostics.AddRange(new KanAnalyzer().SupportedDiagnostics.Where(static descriptor => !Fixing.IsMistake(descriptor))
            .Select(static descriptor => descriptor.Id));
        TestState.AdditionalReferences.AddRange(Fixing.References);
        TestCode = Fixing.Prefix + before;
        FixedCode = Fixing.Prefix + after;
    }

    protected override IEnumerable<Type> GetSourceGenerators() => [typeof(KanGenerator)];

    protected override ParseOptions CreateParseOptions() => Fixing.ParseOptions;
}
