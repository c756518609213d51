using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;
using System.Text;

namespace Kan.Interchange.Torch;

/// <summary>
/// Reads a pickle of weights: numbers, strings, lists, tuples, dictionaries and views of storages. The opcodes and names that are
/// known are a closed list, no name is ever looked up in a program, and nothing is called, so a pickle can do no more than fail.
/// </summary>
internal sealed class PickleReader
{
    private const int MaximumLong = 64, MaximumDimensions = 32;

    // Each may make an object, and zeros compress well. State dicts use about thirty for each tensor.
    private const int MaximumOpcodes = 1 << 22;

    private static readonly object s_mark = new();
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _bytes;
    private readonly ModelFile _file;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _position;
    private int _opcodeAt;

    private PickleReader(byte[] bytes, ModelFile file)
    {
        _bytes = bytes;
        _file = file;
    }

    /// <summary>The value of a pickle.</summary>
    /// <exception cref="ModelFileException">The pickle is damaged, or holds more than weights.</exception>
    public static object? Read(byte[] bytes, ModelFile file) => new PickleReader(bytes, file).Run();

    private object? Run()
    {
        for (int count = 0; ; count++)
        {
            _opcodeAt = _position;
            if (count == MaximumOpcodes) throw Unsupported($"more than {MaximumOpcodes} opcodes. Save model.state_dict() alone");
            byte opcode = Bytes(1)[0];
            if (opcode == (byte)'.') return Pop();
            Execute(opcode);
        }
    }

    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                int protocol = Bytes(1)[0];
                if (protocol > 5) throw Unsupported($"the pickle protocol {protocol}; 2 to 5 are supported");
                break;
            case 0x95: // FRAME
                Bytes(8);
                break;
            case (byte)'}':
                Push(new PickleDictionary());
                break;
            case (byte)']':
                Push(new PickleList());
                break;
            case (byte)')':
                Push(new PickleTuple([]));
                break;
            case (byte)'(':
                Push(s_mark);
                break;
            case (byte)'N':
                Push(null);
                break;
            case 0x88:
            case 0x89:
                Push(opcode == 0x88);
                break;
            case (byte)'J':
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                break;
            case (byte)'K':
                Push((long)Bytes(1)[0]);
                break;
            case (byte)'M':
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
                break;
            case 0x8A: // LONG1
                Push(Long(Bytes(1)[0]));
                break;
            case (byte)'G':
                Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                break;
            case 0x8C: // SHORT_BINUNICODE
                Push(Text(Bytes(1)[0]));
                break;
            case (byte)'X':
                Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                break;
            case 0x8D: // BINUNICODE8
                Push(Text(BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8))));
                break;
            case (byte)'C': // SHORT_BINBYTES
                Bytes(Bytes(1)[0]);
                Push(new PickleOpaque());
                break;
            case (byte)'B': // BINBYTES
                Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)));
                Push(new PickleOpaque());
                break;
            default:
                Compose(opcode);
                break;
        }
    }

    /// <summary>Opcodes that use what others have left.</summary>
    private void Compose(byte opcode)
    {
        switch (opcode)
        {
            case 0x85:
            case 0x86:
            case 0x87:
                var items = new object?[opcode - 0x84];
                for (int i = items.Length - 1; i >= 0; i--) items[i] = Pop();
                Push(new PickleTuple(items));
                break;
            case (byte)'t':
                Push(new PickleTuple([.. PopToMark()]));
                break;
            case (byte)'s':
                var value = Pop();
                SetItems([Pop(), value]);
                break;
            case (byte)'u':
                SetItems(PopToMark());
                break;
            case (byte)'a':
                Append([Pop()]);
                break;
            case (byte)'e':
                Append(PopToMark());
                break;
            case (byte)'q':
                _memo[Bytes(1)[0]] = Peek();
                break;
            case (byte)'r':
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek();
                break;
            case 0x94: // MEMOIZE
                _memo[_memo.Count] = Peek();
                break;
            case (byte)'h':
                Recall(Bytes(1)[0]);
                break;
            case (byte)'j':
                Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)));
                break;
            case (byte)'c':
                Push(Global(Line(), Line()));
                break;
            case 0x93: // STACK_GLOBAL
                var name = Pop();
                Push(Pop() is string module && name is string member
                    ? Global(module, member)
                    : throw Malformed("names that are not strings"));
                break;
            case (byte)'Q': // BINPERSID
                Push(Storage(Pop()));
                break;
            case (byte)'R': // REDUCE
                var arguments = Pop();
                Push(Reduce(Pop(), arguments));
                break;
            case (byte)'b': // BUILD
                Pop();
                if (Peek() is not (PickleDictionary or PickleOpaque)) throw Refused("would set the state of an object (BUILD)");
                break;
            default:
                throw Refused($"has the opcode 0x{opcode:x2}, which saved weights never need");
        }
    }

    private PickleGlobal Global(string module, string name)
    {
        if (PickleGlobals.Find(module, name) is { } known) return known;
        if (module == "torch" && name.EndsWith("Storage", StringComparison.Ordinal))
            throw Unsupported($"numbers of type '{name}'; Float, Double, Half, BFloat16 and integers are supported. Save the model in "
                + $"float32 (it must not be quantized)");
        throw Refused($"names '{Shorten(module)}.{Shorten(name)}', which Python would import and run");
    }

    private object Reduce(object? callable, object? arguments)
    {
        if (callable is not PickleGlobal global) throw Refused("would call something that is not a known name (REDUCE)");
        if (arguments is not PickleTuple { Items: var items }) throw Malformed($"arguments of '{global.Name}' that are not a tuple");
        switch (global.Kind)
        {
            case PickleGlobalKind.Dictionary when items.Length == 0:
                return new PickleDictionary();
            case PickleGlobalKind.Tensor when items is [PickleStorage storage, long offset, PickleTuple sizes, PickleTuple strides, ..]:
                var (shape, steps) = (Numbers(sizes), Numbers(strides));
                if (shape.Length != steps.Length || shape.Length > MaximumDimensions || offset < 0)
                    throw Malformed($"a tensor of {shape.Length} axes with {steps.Length} strides at {offset}");
                return new PickleTensor(storage, offset, shape, steps);
            case PickleGlobalKind.Parameter when items is [PickleTensor tensor, ..]:
                return tensor;
            case PickleGlobalKind.Opaque:
                return new PickleOpaque();
            default:
                throw Malformed($"arguments that '{global.Name}' does not accept");
        }
    }

    private long[] Numbers(PickleTuple tuple)
    {
        var numbers = new long[tuple.Items.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = tuple.Items[i] is long and >= 0 and <= int.MaxValue
                ? (long)tuple.Items[i]!
                : throw Malformed("a size or a stride that is out of range");
        }

        return numbers;
    }

    private PickleStorage Storage(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage } type, string key, string, ..] })
            throw Malformed("a storage that torch.save does not write");
        return new PickleStorage(type.Element, key);
    }

    private void SetItems(List<object?> items)
    {
        if (Peek() is not PickleDictionary dictionary || items.Count % 2 != 0) throw Malformed("entries without a dictionary");
        for (int i = 0; i < items.Count; i += 2)
        {
            if (!dictionary.TryAdd(items[i], items[i + 1]))
                throw Malformed($"the name '{Shorten((string)items[i]!)}' twice in one dictionary");
        }
    }

    private void Append(List<object?> items)
    {
        if (Peek() is not PickleList list) throw Malformed("items without a list");
        list.Items.AddRange(items);
    }

    private void Recall(long index) =>
        Push(_memo.TryGetValue(index, out var value) ? value : throw Malformed($"a reference to value {index}, which does not exist"));

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack.Count > 0 && _stack[^1] != s_mark ? _stack[^1] : throw Malformed("an operation without operands");

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private List<object?> PopToMark()
    {
        int mark = _stack.LastIndexOf(s_mark);
        if (mark < 0) throw Malformed("the end of a group without a start");
        var items = _stack.GetRange(mark + 1, _stack.Count - mark - 1);
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private object Long(int length)
    {
        if (length > MaximumLong) throw Malformed($"an integer of {length} bytes");
        var number = new BigInteger(Bytes((ulong)length));
        if (number >= long.MinValue && number <= long.MaxValue) return (long)number;
        return new PickleOpaque();
    }

    private string Text(ulong length)
    {
        var bytes = Bytes(length);
        try
        {
            return s_strictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a string that is not UTF-8");
        }
    }

    private string Line()
    {
        int length = _bytes.AsSpan(_position).IndexOf((byte)'\n');
        if (length < 0) throw Malformed("a name without an end");
        string line = Text((ulong)length);
        _position++;
        return line;
    }

    private ReadOnlySpan<byte> Bytes(ulong length)
    {
        if (length > (ulong)(_bytes.Length - _position)) throw Malformed("a premature end");
        _position += (int)length;
        return _bytes.AsSpan(_position - (int)length, (int)length);
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";

    private string Where => $"The pickle in the file, at byte {_opcodeAt} of data.pkl,";

    private ModelFileException Malformed(string found) =>
        _file.Malformed($"{Where} has {found}. The file is damaged; save or copy it again.");

    private ModelFileException Unsupported(string found) => _file.Unsupported($"{Where} has {found}.");

    private ModelFileException Refused(string what) =>
        _file.Unsupported($"{Where} {what}. Nothing was run. Only weights are read: save model.state_dict() instead of the model, "
            + $"torch.save(model.state_dict(), path).");
}
