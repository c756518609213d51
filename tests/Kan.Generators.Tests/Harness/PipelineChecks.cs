extern alias generators;

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using generators::Kan.Generators;
using Kan.Testing;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Harness;

/// <summary>What must hold of every run of the pipeline.</summary>
internal static class PipelineChecks
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> s_fields = new();
    private static readonly ConcurrentDictionary<Type, bool> s_numbers = new();

    /// <summary>The names of all tracked steps.</summary>
    public static ImmutableArray<string> TrackedNames { get; } =
        [.. typeof(TrackingNames).GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(static field => (string)field.GetRawConstantValue()!)];

    /// <summary>Requires that every tracked step gave what it gave before.</summary>
    public static void AssertCached(GeneratorRunResult result)
    {
        foreach (var (name, output) in Outputs(result))
            Require.That(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged,
                $"{name} is {output.Reason}: {output.Value}");
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
        if (value is null || HoldsOnlyNumbers(value.GetType()) || !visited.Add(value)) return;
        Require.That(
            value is not (ISymbol or Compilation or SyntaxNode or SyntaxTree or SyntaxReference or Location or SemanticModel
                or AdditionalText or AttributeData or Diagnostic),
            $"{path} holds a {value.GetType()}");
        if (value is Array array)
        {
            string inside = path + "[]";
            foreach (object? item in array) Walk(item, inside, visited);
        }

        foreach (var field in Fields(value.GetType())) Walk(field.GetValue(value), path + "." + field.Name, visited);
    }

    private static FieldInfo[] Fields(Type type) => s_fields.GetOrAdd(type, static type =>
    {
        var fields = new List<FieldInfo>();
        for (var declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
            fields.AddRange(declaring.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                | BindingFlags.DeclaredOnly));
        return [.. fields];
    });

    /// <summary>Whether a value of a type holds numbers and texts alone, whatever it is: a network has a million of them.</summary>
    private static bool HoldsOnlyNumbers(Type type)
    {
        if (type == typeof(string) || type.IsPrimitive || type.IsEnum || type.IsPointer) return true;
        if (type.IsArray) return HoldsOnlyNumbers(type.GetElementType()!);
        if (!type.IsValueType) return false;
        if (s_numbers.TryGetValue(type, out bool known)) return known;

        // Until it is known, for a structure that holds an array of its own kind.
        s_numbers[type] = false;
        return s_numbers[type] = Fields(type).All(static field => HoldsOnlyNumbers(field.FieldType));
    }
}
