using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Values of structs and records: rows of a table, mostly.</content>
internal sealed partial class Evaluator
{
    private Value CreateStructure(IObjectCreationOperation operation)
    {
        if (operation.Constructor is not { } constructor || !IsPlainType(constructor.ContainingType)) return Refuse(operation);
        var arguments = new Value[constructor.Parameters.Length];
        foreach (var argument in operation.Arguments) arguments[argument.Parameter!.Ordinal] = Evaluate(argument.Value);
        if (arguments.Any(static argument => argument is Value.Unknown)) return Value.Unknown.Instance;
        if (Construct(constructor, [.. arguments], operation) is not { } structure) return Refuse(operation);
        return operation.Initializer is { } initializer ? Initialize(structure, initializer) : structure;
    }

    private Value Change(IWithOperation operation) =>
        Evaluate(operation.Operand) is Structure structure ? Initialize(structure, operation.Initializer) : Value.Unknown.Instance;

    private Value Initialize(Structure structure, IObjectOrCollectionInitializerOperation initializer)
    {
        foreach (var operation in initializer.Initializers)
        {
            if (operation is not ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: { } member } } assignment
                || structure.Find(member.Name) is null)
                return Refuse(operation);
            var value = Evaluate(assignment.Value);
            if (value is Value.Unknown) return value;
            structure = structure.With(member.Name, value);
        }

        return structure;
    }

    private Structure Self()
    {
        for (var frame = _frame; frame is not null; frame = frame.Outer)
        {
            if (frame.Self is { } self) return self;
        }

        throw new EvaluationStoppedException();
    }

    /// <summary>The value that a constructor makes; null if its code cannot be followed.</summary>
    private Structure? Construct(IMethodSymbol constructor, ImmutableArray<Value> arguments, IOperation operation)
    {
        var type = constructor.ContainingType;
        var syntax = constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellation);
        bool isPrimary = syntax is TypeDeclarationSyntax;
        if (syntax is ConstructorDeclarationSyntax { Initializer: not null }
            || (syntax is null && !constructor.IsImplicitlyDeclared)) return null;
        var members = ImmutableArray.CreateBuilder<(string, Value)>();
        var caller = _frame;
        _frame = new Frame(constructor, null);
        foreach (var parameter in constructor.Parameters)
        {
            _frame.Declare(parameter.OriginalDefinition, arguments[parameter.Ordinal]);
            if (isPrimary) members.Add((Structure.ParameterKey(parameter.Name), arguments[parameter.Ordinal]));
        }

        foreach (var member in type.GetMembers().Where(static member => !member.IsStatic))
        {
            if (MemberType(member) is not { } memberType) continue;
            var value = isPrimary && type.IsRecord
                && constructor.Parameters.FirstOrDefault(parameter => parameter.Name == member.Name) is { } parameter
                ? arguments[parameter.Ordinal]
                : _bodies.InitializerOf(member) is { } initializer ? Evaluate(initializer) : DefaultOf(memberType);
            if (value is not null) members.Add((member.Name, value));
        }

        var structure = new Structure(type, members.ToImmutable());
        _frame = caller;
        return syntax is ConstructorDeclarationSyntax ? Execute(constructor, structure, arguments, operation) : structure;
    }

    // A constructor with statements, which sets fields and properties of the new value.
    private Structure? Execute(IMethodSymbol constructor, Structure structure, ImmutableArray<Value> arguments, IOperation operation)
    {
        if (_bodies.BodyOf(constructor) is not { } body || _calls.Count == Limits.Depth) return null;
        var (caller, mask) = (_frame, _mask);
        _calls.Push(constructor);
        _frame = new Frame(constructor, null) { Self = structure };
        foreach (var parameter in constructor.Parameters) _frame.Declare(parameter, arguments[parameter.Ordinal]);
        Execute(body);
        var result = _frame.Self;
        _calls.Pop();
        (_frame, _mask) = (caller, mask);
        return result;
    }

    private Structure? DefaultOf(INamedTypeSymbol type)
    {
        if (!IsPlainType(type)) return null;
        var members = ImmutableArray.CreateBuilder<(string, Value)>();
        foreach (var member in type.GetMembers().Where(static member => !member.IsStatic))
        {
            if (MemberType(member) is { } memberType && DefaultOf(memberType) is { } value) members.Add((member.Name, value));
        }

        // The parameters of a primary constructor are there too: a record is taken apart into them, other code may read them.
        if (type.InstanceConstructors.FirstOrDefault(IsPrimary) is { } primary)
        {
            foreach (var parameter in primary.Parameters)
            {
                if (DefaultOf(parameter.Type) is { } value) members.Insert(parameter.Ordinal,
                    (Structure.ParameterKey(parameter.Name), value));
            }
        }

        return new Structure(type, members.ToImmutable());

        bool IsPrimary(IMethodSymbol constructor) =>
            constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellation) is TypeDeclarationSyntax;
    }

    private static ITypeSymbol? MemberType(ISymbol member) => member switch
    {
        IFieldSymbol { AssociatedSymbol: null, IsImplicitlyDeclared: false } field => field.Type,
        IPropertySymbol { IsIndexer: false } property when property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)) => property.Type,
        _ => null,
    };

    /// <summary>Whether a type of the project can be followed: no base class, no type parameters.</summary>
    private static bool IsPlainType(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Struct or TypeKind.Class, IsAbstract: false, TypeParameters.Length: 0, IsTupleType: false }
            && type.DeclaringSyntaxReferences.Length > 0
        && type.BaseType?.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType;

    /// <summary>A field or property of a struct or record.</summary>
    private Value MemberOf(Structure structure, ISymbol member, IOperation operation)
    {
        if (structure.Find(member.Name) is { } value) return value;
        return member is IPropertySymbol { GetMethod: { } getter } && _bodies.BodyOf(getter) is not null
            ? Invoke(getter, [], operation.Syntax, null, structure)
            : Refuse(operation);
    }

    /// <summary>The value of a parameter of a primary constructor in a member; null if it is none.</summary>
    private Value? CapturedParameter(ISymbol symbol)
    {
        if (symbol is not IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } }) return null;
        for (var frame = _frame; frame is not null; frame = frame.Outer)
        {
            if (frame.Self?.Find(Structure.ParameterKey(symbol.Name)) is { } value) return value;
        }

        return null;
    }
}
