using System.Collections.Generic;
using System.Linq;
using Kan.Generators.Diagnostics;
using Kan.Generators.Symbolic.Exact;
using Kan.Generators.Symbolic.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kan.Generators.Symbolic.Evaluation;

/// <content>Statements. A jump empties the mask; its inputs join again where the jump leads.</content>
internal sealed partial class Evaluator
{
    private readonly Dictionary<ILabelSymbol, Domain> _jumps = new(SymbolEqualityComparer.Default);

    private void Execute(IOperation? operation)
    {
        if (operation is null || _mask.IsEmpty) return;
        Count(operation);
        switch (operation)
        {
            case IBlockOperation block:
                foreach (var statement in block.Operations) Execute(statement);
                break;
            case IVariableDeclarationGroupOperation group:
                foreach (var declarator in group.Declarations.SelectMany(static declaration => declaration.Declarators))
                    Declare(declarator);
                break;
            case IExpressionStatementOperation statement:
                Evaluate(statement.Operation);
                break;
            case IConditionalOperation conditional:
                If(conditional);
                break;
            case ISwitchOperation choice:
                Switch(choice);
                break;
            case IReturnOperation { Kind: OperationKind.Return } result:
                Return(result);
                break;
            case IBranchOperation { BranchKind: BranchKind.Break or BranchKind.Continue } branch:
                _jumps[branch.Target] = _jumps.TryGetValue(branch.Target, out var before) ? Join(before, _mask, branch.Syntax) : _mask;
                _mask = _mask.None();
                break;
            case ILoopOperation loop:
                Loop(loop);
                break;
            case ILocalFunctionOperation or IEmptyOperation:
                break;
            case IThrowOperation:
                Evaluate(operation);
                _mask = _mask.None();
                break;
            case IInvalidOperation:
                throw new EvaluationStoppedException();
            default:
                Refuse(operation);
                throw new EvaluationStoppedException();
        }
    }

    private void Declare(IVariableDeclaratorOperation declarator)
    {
        if (declarator.Symbol.RefKind != RefKind.None) Refuse(declarator);
        else if (declarator.GetVariableInitializer() is { } initializer) _frame.Declare(declarator.Symbol, Evaluate(initializer.Value));
        else _frame.Forget(declarator.Symbol);
    }

    // A chain of "else if" is as deep as it is long.
    private void If(IConditionalOperation operation)
    {
        var ends = new Stack<(Domain Mask, SyntaxNode Node)>();
        while (true)
        {
            var condition = Condition(operation.Condition);
            var no = _mask.And(condition.Not());
            _mask = _mask.And(condition);
            Execute(operation.WhenTrue);
            ends.Push((_mask, operation.Condition.Syntax));
            _mask = no;
            if (operation.WhenFalse is not IConditionalOperation next || _mask.IsEmpty) break;
            Count(next);
            operation = next;
        }

        Execute(operation.WhenFalse);
        foreach (var (mask, node) in ends) _mask = Join(mask, _mask, node);
    }

    private void Return(IReturnOperation operation)
    {
        if (operation.ReturnedValue is { } returned)
        {
            var value = Evaluate(returned);
            if (_calls.Count == 1) value = Force(value);
            if (_calls.Count == 1 && value is Number number) RequireFinite(number, returned.Syntax);
            _frame.Result = _frame.Result is { } before ? Masked(value, before, returned.Syntax) : value;
        }

        _mask = _mask.None();
    }

    private void RequireFinite(Number number, SyntaxNode node)
    {
        for (int i = 0; i < number.Parts.Length; i++)
        {
            var infinite = number.Parts[i].Zip(_mask.Regions[i], static (cell, flag) => new Flag(flag.Value && cell.Infinity != 0));
            if (!infinite.IsNone()) Undefined(node, "is infinite", infinite, i);
        }
    }

    private void Loop(ILoopOperation loop)
    {
        switch (loop)
        {
            case IForLoopOperation operation:
                foreach (var statement in operation.Before) Execute(statement);
                Repeat(loop, operation.Condition, true, operation.AtLoopBottom);
                break;
            case IWhileLoopOperation { ConditionIsUntil: false } operation:
                Repeat(loop, operation.Condition, operation.ConditionIsTop, []);
                break;
            case IForEachLoopOperation operation:
                ForEach(operation);
                break;
            default:
                throw new EvaluationStoppedException();
        }
    }

    private void Repeat(ILoopOperation loop, IOperation? condition, bool testsFirst,
        System.Collections.Immutable.ImmutableArray<IOperation> bottom)
    {
        var node = condition?.Syntax ?? loop.Syntax;
        var ended = _mask.None();
        int turns = 0, varying = 0;
        for (; ; turns++)
        {
            if (condition is not null && (testsFirst || turns > 0) && !_mask.IsEmpty)
            {
                var holds = Condition(condition);
                var ending = _mask.And(holds.Not());
                ended = Join(ended, ending, node);
                _mask = _mask.And(holds);
                if (!ending.IsEmpty && !_mask.IsEmpty) varying++;
            }

            if (_mask.IsEmpty) break;
            int limit = varying > Limits.VaryingTurns ? Limits.VaryingTurns : Limits.Turns;
            if (varying > Limits.VaryingTurns || turns >= Limits.Turns)
            {
                Fail(Descriptors.LoopIsUnbounded, node, Numbers.Text(limit));
                throw new EvaluationStoppedException();
            }

            Execute(loop.Body);
            _mask = Join(_mask, TakeJumps(loop.ContinueLabel), node);
            foreach (var statement in bottom) Execute(statement);
        }

        _mask = Join(ended, TakeJumps(loop.ExitLabel), node);
    }

    private void ForEach(IForEachLoopOperation loop)
    {
        var collection = Evaluate(loop.Collection);
        if (EntriesOf(collection, loop.Collection) is not { } entries)
        {
            if (collection is not (Value.Unknown or Query)) Fail(Descriptors.CodeIsNotCompiled, loop.Collection.Syntax,
                "is not a list of constant length", "loop over an array, a span or a counter");
            throw new EvaluationStoppedException();
        }

        for (int i = 0; i < entries.Count; i++)
        {
            // The array may change while the loop runs.
            var (condition, item) = (entries[i].Condition, collection is View view && RankOf(loop.Collection) == 1
                ? view.Elements.Items[view.Offset + i] : entries[i].Value);
            var others = condition is null ? _mask.None() : _mask.And(condition.Not());
            if (condition is not null) _mask = _mask.And(condition);
            if (loop.LoopControlVariable is IVariableDeclaratorOperation declarator) _frame.Declare(declarator.Symbol, item);
            else Assign(loop.LoopControlVariable, item, loop.LoopControlVariable);
            Execute(loop.Body);
            _mask = Join(Join(_mask, TakeJumps(loop.ContinueLabel), loop.Collection.Syntax), others, loop.Collection.Syntax);
        }

        _mask = Join(_mask, TakeJumps(loop.ExitLabel), loop.Collection.Syntax);
    }

    private Domain TakeJumps(ILabelSymbol label)
    {
        if (!_jumps.TryGetValue(label, out var mask)) return _mask.None();
        _jumps.Remove(label);
        return mask;
    }

    private Domain Join(Domain left, Domain right, SyntaxNode node)
    {
        _current = node;
        if (left.Or(right) is { } joined) return joined;
        Mixed(node, Enumerable.Range(0, _names.Length).Where(i => !left.Regions[i].IsSame(right.Regions[i])));
        throw new EvaluationStoppedException();
    }

    /// <summary>A new value for the inputs that reach here, the old one for the others.</summary>
    private Value Masked(Value value, Value old, SyntaxNode node)
    {
        var before = _mask;
        for (int i = 0; i < before.Regions.Length; i++)
        {
            if (before.Regions[i].IsAll()) continue;
            _mask = _mask.Open(i);
            value = Select(new Truth(i, before.Regions[i]), value, old, node);
        }

        _mask = before;
        return value;
    }
}
