extern alias generators;

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using generators::Kan.Generators;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Harness;

/// <summary>What must hold of every run of the pipeline.</summary>
internal static class PipelineChecks
{
    /// <summary>The names of all tracked steps.</summary>
    public static ImmutableArray<string> TrackedNames { get; } =
        [.. typeof(TrackingNames).GetFields(BindingFlags.Static | BindingFlags.Public).Select(static field => (string)field.GetRawConstantValue()!)];

    /// <summary>Requires that every tracked step gave what it gave before.</summary>
    public static void AssertCached(GeneratorRunResult result)
    {
        foreach (var (name, output) in Outputs(result))
            Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{name} is {output.Reason}: {output.Value}");
    }

    /// <summary>Requires that no tracked step keeps anything of a compilation alive.</summary>
    public static void AssertPure(GeneratorRunResult result)
    {
        foreach (var (name, output) in Outputs(result)) AssertPure(output.Value, name);
    }

    /// <summary>Requires that a value keeps nothing of a compilation alive.</summary>
    public static void AssertPure(object value, string name) => Walk(value, name, new HashSet<object>(ReferenceEqualityComparer.Instance));

    private static IEnumerable<(string Name, (object Value, IncrementalStepRunReason Reason) Output)> Outputs(GeneratorRunResult result) =>
        from name in TrackedNames
        where !result.TrackedSteps.IsEmpty && result.TrackedSteps.ContainsKey(name)
        from step in result.TrackedSteps[name]
        from output in step.Outputs
        select (name, output);

    private static void Walk(object? value, string path, HashSet<object> visited)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !visited.Add(value)) return;
        Assert.False(
            value is ISymbol or Compilation or SyntaxNode or SyntaxTree or SyntaxReference or Location or SemanticModel or AdditionalText or AttributeData or Diagnostic,
            $"{path} holds a {value.GetType()}");
        if (value is Array array)
        {
            foreach (object? item in array) Walk(item, path + "[]", visited);
        }

        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                Walk(field.GetValue(value), path + "." + field.Name, visited);
        }
    }
}
