using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Onnx;

/// <summary>Changes one field of one message, whatever message it is.</summary>
internal static class FieldMutator
{
    private const int MostMessages = 3_000;

    /// <summary>Changes a field anywhere in a message and those inside it.</summary>
    public static void Mutate(IMessage root, FuzzRandom random)
    {
        var messages = Collect(root);
        var message = random.Pick(messages);
        var fields = message.Descriptor.Fields.InDeclarationOrder();

        // Fields that are there are more telling than the many that are not.
        var present = fields.Where(field => field.IsRepeated ? ((IList)field.Accessor.GetValue(message)).Count > 0 : field.HasPresence
            ? field.Accessor.HasValue(message)
            : true).ToList();
        var chosen = present.Count > 0 && !random.OneIn(4) ? random.Pick(present) : fields[random.Next(fields.Count)];
        if (chosen.IsRepeated) MutateList((IList)chosen.Accessor.GetValue(message), chosen, messages, random);
        else if (random.OneIn(6)) chosen.Accessor.Clear(message);
        else if (Value(chosen, messages, random, chosen.Accessor.GetValue(message)) is { } value) chosen.Accessor.SetValue(message, value);
    }

    private static void MutateList(IList list, FieldDescriptor field, List<IMessage> messages, FuzzRandom random)
    {
        int at = list.Count == 0 ? 0 : random.Next(list.Count);
        switch (list.Count == 0 ? 4 : random.Next(6))
        {
            case 0:
                list.RemoveAt(at);
                break;
            case 1:
                for (int count = random.Size(3_000); count > 0; count--) list.Insert(random.Next(list.Count + 1), Copy(list[at]!));
                break;
            case 2:
                int other = random.Next(list.Count);
                (list[at], list[other]) = (list[other], list[at]);
                break;
            case 3 when field.FieldType != FieldType.Message:
                if (Value(field, messages, random, list[at]) is { } changed) list[at] = changed;
                break;
            case 5:
                list.Clear();
                break;
            default:
                if (Value(field, messages, random, null) is { } added) list.Insert(random.Next(list.Count + 1), added);
                break;
        }
    }

    private static object? Value(FieldDescriptor field, List<IMessage> messages, FuzzRandom random, object? current)
    {
        switch (field.FieldType)
        {
            case FieldType.Float:
                return (float)random.Number();
            case FieldType.Double:
                return random.Number();
            case FieldType.Int64:
                return current is long known && random.OneIn(3) ? unchecked(known + random.Next(-2, 3)) : random.Integer();
            case FieldType.UInt64:
                return unchecked((ulong)random.Integer());
            case FieldType.Int32:
                return unchecked((int)random.Integer());
            case FieldType.UInt32:
                return unchecked((uint)random.Integer());
            case FieldType.Bool:
                return random.OneIn(2);
            case FieldType.String:
                return random.Name();
            case FieldType.Bytes:
                var bytes = current is ByteString { Length: > 0 } old ? old.ToByteArray() : random.Bytes(random.Size(200));
                return ByteString.CopyFrom(random.Edit(bytes));
            case FieldType.Enum:
                return unchecked((int)random.Integer());
            case FieldType.Message:
                var same = messages.Where(message => message.Descriptor == field.MessageType).ToList();
                return same.Count > 0 && !random.OneIn(4) ? Copy(random.Pick(same)) : field.MessageType.Parser.ParseFrom(ByteString.Empty);
            default:
                return null;
        }
    }

    private static object Copy(object value) =>
        value is IMessage message ? message.Descriptor.Parser.ParseFrom(message.ToByteString()) : value;

    private static List<IMessage> Collect(IMessage root)
    {
        var found = new List<IMessage>();
        var open = new Queue<IMessage>([root]);
        while (open.TryDequeue(out var message) && found.Count < MostMessages)
        {
            found.Add(message);
            foreach (var field in message.Descriptor.Fields.InDeclarationOrder()
                .Where(static field => field.FieldType == FieldType.Message))
            {
                var value = field.Accessor.GetValue(message);
                if (value is IList list)
                {
                    foreach (IMessage item in list) open.Enqueue(item);
                }
                else if (value is IMessage inner)
                {
                    open.Enqueue(inner);
                }
            }
        }

        return found;
    }
}
