using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Arrays and spans: how they are made, which elements they have, and writes to them.</content>
internal sealed partial class Evaluator
{
    private Value Collection(ICollectionExpressionOperation operation)
    {
        var items = ImmutableArray.CreateBuilder<Value>();
        foreach (var element in operation.Elements)
        {
            var value = Evaluate(element is ISpreadOperation spread ? spread.Operand : element);
            if (element is not ISpreadOperation) items.Add(value);
            else if (ItemsOf(value) is { } spreadItems) items.AddRange(spreadItems);
            else return value is Value.Unknown ? value : Refuse(element);
        }

        return operation.Type is IArrayTypeSymbol or INamedTypeSymbol { Name: "Span", ContainingNamespace.Name: "System" }
            ? Own([.. items]) : new Sequence(items.ToImmutable());
    }

    private Value CreateArray(IArrayCreationOperation operation)
    {
        if (operation.Initializer is { } initializer) return FromInitializer(initializer);
        var lengths = new int[operation.DimensionSizes.Length];
        long total = 1;
        for (int i = 0; i < lengths.Length; i++)
        {
            var size = operation.DimensionSizes[i];
            switch (Force(Evaluate(size)))
            {
                case Number number when ConstantOn(number) is { } length:
                    if (length.Sign < 0) return Fail(Descriptors.ValueIsUndefined, size.Syntax, "is a negative length",
                        "use a length of 0 or more");
                    if (length > Limits.Elements || (total *= (long)length.Numerator) > Limits.Elements)
                        throw TooLarge(operation.Syntax, Numbers.Text(Limits.Elements) + " elements of an array");
                    lengths[i] = (int)length.Numerator;
                    break;
                case Value.Unknown unknown:
                    return unknown;
                default:
                    return Fail(Descriptors.CodeIsNotCompiled, size.Syntax, "is a length that varies", "give the array a constant length");
            }
        }

        var type = (operation.Type as IArrayTypeSymbol)?.ElementType;
        return DefaultOf(Resolve(type)) is { } zero ? Fresh(zero, lengths) : Refuse(operation);

        static Value Fresh(Value zero, ReadOnlySpan<int> lengths)
        {
            var items = new Value[lengths[0]];
            for (int i = 0; i < items.Length; i++) items[i] = lengths.Length == 1 ? zero : Fresh(zero, lengths.Slice(1));
            return Own(items);
        }
    }

    private View FromInitializer(IArrayInitializerOperation initializer) => Own(
        [.. initializer.ElementValues.Select(element => element is IArrayInitializerOperation row ? FromInitializer(row)
            : Evaluate(element))]);

    private static View Own(Value[] items) => new(new ArrayElements(items), 0, items.Length);

    /// <summary>The value that elements and fields have before the first assignment; null if there is none.</summary>
    private Value? DefaultOf(ITypeSymbol? type)
    {
        if (Constants.IsNumber(type)) return Constant(Rational.Zero);
        if (type?.SpecialType == SpecialType.System_Boolean) return Truth.Constant(false);
        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
        {
            var items = tuple.TupleElements.Select(element => DefaultOf(Resolve(element.Type))).ToArray();
            return items.All(static item => item is not null) ? new Sequence([.. items!]) : null;
        }

        return type is INamedTypeSymbol { TypeKind: TypeKind.Struct } structure ? DefaultOf(structure) : null;
    }

    /// <summary>The elements of a list as they are now; null if it is none.</summary>
    private static ImmutableArray<Value>? ItemsOf(Value value) => value switch
    {
        Sequence sequence => sequence.Items,
        View view => ImmutableArray.Create(view.Elements.Items, view.Offset, view.Length),
        _ => null,
    };

    /// <summary>The parts that a value is taken apart into: of a tuple, or of a record.</summary>
    private static ImmutableArray<Value>? PartsOf(Value value) => value switch
    {
        Sequence sequence => sequence.Items,
        Structure { Type.IsRecord: true } structure => [.. structure.Parameters],
        _ => null,
    };

    /// <summary>A list with the elements of an array of some dimensions, one after another.</summary>
    private static ImmutableArray<Value> Flatten(ImmutableArray<Value> items, int rank) =>
        rank <= 1 ? items : [.. items.SelectMany(item => ItemsOf(item) is { } row ? Flatten(row, rank - 1) : [item])];

    private static int RankOf(IOperation operation) => operation switch
    {
        { Type: IArrayTypeSymbol array } => array.Rank,
        IConversionOperation conversion => RankOf(conversion.Operand),
        _ => 1,
    };

    /// <summary>The elements of a list for good: nothing writes to them.</summary>
    private static Value Freeze(Value value) => value switch
    {
        View or Sequence => new Sequence([.. ItemsOf(value)!.Value.Select(Freeze)]),
        _ => value,
    };

    private static void Fix(Value value)
    {
        if (value is View view) view.Elements.IsFixed = true;
    }

    /// <summary>Part of a list: a span sees writes to what it is part of, a part of an array is a copy.</summary>
    private Value Slice(Value list, Rational start, Rational end, bool isCopy, IOperation operation)
    {
        var items = ItemsOf(list)!.Value;
        if (start.Sign < 0 || end < start || end > items.Length)
            return Fail(Descriptors.ValueIsUndefined, operation.Syntax, "is outside the list " + Where(), "keep the range within it");
        var (first, length) = ((int)start.Numerator, (int)(end - start).Numerator);
        return (list, isCopy) switch
        {
            (View view, false) => view with { Offset = view.Offset + first, Length = length },
            (_, true) => Own([.. items.Skip(first).Take(length)]),
            _ => new Sequence(ImmutableArray.Create(items, first, length)),
        };
    }

    private Value Slice(Value list, IRangeOperation range, bool isCopy, IOperation operation)
    {
        if (ItemsOf(list) is not { } items) return list is Value.Unknown ? list : Refuse(operation);
        if (End(range.LeftOperand, 0) is not { } start || End(range.RightOperand, items.Length) is not { } end)
            return Fail(Descriptors.CodeIsNotCompiled, range.Syntax, "is a range that varies", "give the range constant ends");
        return Slice(list, start, end, isCopy, operation);

        Rational? End(IOperation? operand, int missing)
        {
            if (operand is null) return missing;
            if (operand is IConversionOperation { Type.Name: "Index" } conversion) operand = conversion.Operand;
            bool isFromEnd = operand is IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat };
            var value = Force(Evaluate(isFromEnd ? ((IUnaryOperation)operand).Operand : operand));
            if (value is not Number number || ConstantOn(number) is not { } constant) return null;
            return isFromEnd ? items.Length - constant : constant;
        }
    }

    /// <summary>An element of a list, or part of the list.</summary>
    private Value ElementOf(Value list, IOperation position, bool isCopy, IOperation operation)
    {
        if (position is IRangeOperation range) return Slice(list, range, isCopy, operation);
        if (ItemsOf(list) is not { } items) return list is Value.Unknown ? list : Refuse(operation);
        var index = IndexOf(position, items.Length, operation.Syntax);
        return index is Number number ? ElementOf(items, number, operation.Syntax) : index;
    }

    private Value IndexOf(IOperation position, int length, SyntaxNode node)
    {
        bool isFromEnd = position is IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat };
        var index = Force(Evaluate(isFromEnd ? ((IUnaryOperation)position).Operand : position));
        return isFromEnd && index is Number number ? Add(Constant(length), Negate(number), node) : index;
    }

    /// <summary>An element of a list; an index that takes steps picks different ones.</summary>
    private Value ElementOf(ImmutableArray<Value> items, Number index, SyntaxNode node)
    {
        _current = node;
        if (ConstantOn(index) is { Denominator.IsOne: true, Sign: >= 0 } constant
            && constant < items.Length) return items[(int)constant.Numerator];
        var varying = index.Varying(_mask);
        int variable = First(varying);
        if (varying.Count == 1)
        {
            var part = index.As(variable, _mask);
            var outside = part.Zip(_mask.Regions[variable], (cell, flag) =>
                new Flag(flag.Value && (!cell.IsConstant || cell.Infinity != 0 || cell.Intercept.Sign < 0
                    || cell.Intercept >= items.Length)));
            if (outside.IsNone() && Look(items, part, variable) is { } found) return found;
        }

        return Choose(
            items.Length,
            i => Compare(index, Constant(i), static sign => sign == 0, node) as Truth,
            i => items[i],
            () => Fail(Descriptors.ValueIsUndefined, node, "is outside the list " + Where(), "keep the index within it"),
            _ => node);
    }

    /// <summary>What a table of constants has at an index that takes steps within it; null if it has other values than
    /// constants.</summary>
    private Value? Look(ImmutableArray<Value> items, Piecewise<Affine> index, int variable)
    {
        switch (items[0])
        {
            case Number:
                var constants = new Affine[items.Length];
                for (int i = 0; i < constants.Length; i++)
                {
                    if (items[i] is not Number number
                        || number.Parts.Any(static part => !part.Breakpoints.IsEmpty || !part.Cells[0].IsConstant)) return null;
                    if (number.Parts.Count(static part => part.Cells[0] != default) > 1) return null;
                    constants[i] = number.Parts.Select(static part => part.Cells[0]).FirstOrDefault(static cell => cell != default);
                }

                return Number.OneVariable(variable,
                    index.Select(cell => IsWithin(cell) ? constants[(int)cell.Intercept.Numerator] : default), _names.Length);
            case Structure first when items.All(item => item is Structure other && other.Members.Length == first.Members.Length
                && SymbolEqualityComparer.Default.Equals(first.Type, other.Type)):
                var members = first.Members.Select((member, i) =>
                    (member.Key, Look([.. items.Select(item => ((Structure)item).Members[i].Value)], index, variable))).ToArray();
                return members.All(static member => member.Item2 is not null) ? new Structure(first.Type, [.. members!]) : null;
            case Sequence first when items.All(item => item is Sequence other && other.Items.Length == first.Items.Length):
                var parts = Enumerable.Range(0, first.Items.Length).Select(i =>
                    Look([.. items.Select(item => ((Sequence)item).Items[i])], index, variable)).ToArray();
                return parts.All(static part => part is not null) ? new Sequence([.. parts!]) : null;
            default:
                return null;
        }

        bool IsWithin(Affine cell) => cell is { IsConstant: true, Infinity: 0, Intercept.Sign: >= 0 } && cell.Intercept < items.Length;
    }

    /// <summary>An element that is written to.</summary>
    /// <param name="List">The array or span.</param>
    /// <param name="Index">Which one; null if that is a mistake, which is noted.</param>
    private sealed record ElementPlace(View List, Number? Index);

    /// <summary>The element that an expression is; null if it is none of an array that the function made.</summary>
    private ElementPlace? PlaceOf(IOperation target)
    {
        var (source, indices) = target switch
        {
            IArrayElementReferenceOperation element => (element.ArrayReference, element.Indices),
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } instance } element =>
                (instance, [.. element.Arguments.Select(static argument => argument.Value)]),
            IImplicitIndexerReferenceOperation element => (element.Instance, [element.Argument]),
            _ => (null, []),
        };
        if (source is null or IFieldReferenceOperation { Instance: null } || Evaluate(source) is not View list
            || list.Elements.IsFixed) return null;
        for (int i = 0; ; i++)
        {
            if (IndexOf(indices[i], list.Length, target.Syntax) is not Number index) return new ElementPlace(list, null);
            if (i == indices.Length - 1) return new ElementPlace(list, index);
            if (ConstantOn(index) is not { } row) return null;
            if (row.Sign < 0 || row >= list.Length)
            {
                Fail(Descriptors.ValueIsUndefined, target.Syntax, "is outside the list " + Where(), "keep the index within it");
                return new ElementPlace(list, null);
            }

            if (list.Elements.Items[list.Offset + (int)row.Numerator] is not View next) return null;
            list = next;
        }
    }

    private Value Read(ElementPlace place, IOperation operation) => place.Index is null ? Value.Unknown.Instance
        : ElementOf(ItemsOf(place.List)!.Value, place.Index, operation.Syntax);

    private Value Write(ElementPlace place, Value value, IOperation operation)
    {
        if (place.Index is not { } index || value is Value.Unknown) return Value.Unknown.Instance;
        var list = place.List;
        var before = _mask;
        var written = before.None();
        for (int i = 0; i < list.Length; i++)
        {
            if (Compare(index, Constant(i), static sign => sign == 0, operation.Syntax)
                is not Truth condition) return Value.Unknown.Instance;
            var here = before.And(condition);
            if (here.IsEmpty) continue;
            ref var item = ref list.Elements.Items[list.Offset + i];
            _mask = here;
            item = Masked(value, item, operation.Syntax);
            _mask = before;
            written = Join(written, here, operation.Syntax);
        }

        int missed = 0;
        while (missed < _names.Length && before.Regions[missed].IsSame(written.Regions[missed])) missed++;
        return missed == _names.Length ? value
            : Undefined(operation.Syntax, "is outside the list",
                before.Regions[missed].And(written.Regions[missed].Not()), missed);
    }
}
