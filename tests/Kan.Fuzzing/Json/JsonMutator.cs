using System;
using System.Globalization;
using System.Linq;
using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Json;

/// <summary>Changes JSON value by value.</summary>
internal static class JsonMutator
{
    private static readonly string[] s_words =
        ["null", "true", "false", "0", "-0", "-1", "1", "1e400", "-1e400", "1e-400", "00", "1.", ".5", "+1", "NaN", "Infinity", "0x10",
        "1e", "-", "tru", "", "[]", "{}", "\"\"", "1e999999999999", "//"];

    /// <summary>Changes one value, or how it stands among others.</summary>
    /// <param name="root">The document.</param>
    /// <param name="random">The choices.</param>
    /// <param name="names">Fields that the format knows.</param>
    public static void Mutate(JsonTree root, FuzzRandom random, ReadOnlySpan<string> names)
    {
        var all = root.All();
        var (parent, index, value) = random.Pick(all);
        switch (random.Next(13))
        {
            case 0 when parent is not null:
                parent.Members.RemoveAt(index);
                break;
            case 1 when parent is not null:
                int copies = random.Size(2_000);
                for (int i = 0; i < copies; i++)
                    parent.Members.Insert(random.Next(parent.Members.Count + 1), (parent.Members[index].Name, value.Copy()));
                break;
            case 2 when parent is not null:
                int other = random.Next(parent.Members.Count);
                (parent.Members[index], parent.Members[other]) = (parent.Members[other], parent.Members[index]);
                break;
            case 3 when parent is not null:
                parent.Members[index] = (parent.Members[index].Name, random.Pick(all).Value.Copy());
                break;
            case 4 when parent is { IsObject: true }:
                parent.Members[index] = (random.OneIn(3) ? random.Name() : random.Pick(names), value);
                break;
            case 5 when value.IsObject:
                value.Members.Insert(random.Next(value.Members.Count + 1),
                    (random.OneIn(4) ? random.Name() : random.Pick(names),
                    random.OneIn(2) ? random.Pick(all).Value.Copy() : JsonTree.OfRaw(random.Pick(s_words))));
                break;
            case 5 when value.IsArray:
                value.Members.Insert(random.Next(value.Members.Count + 1), ("", Number(random)));
                break;
            case 6 when parent is not null:
                parent.Members[index] = (parent.Members[index].Name, Deep(random, value));
                break;
            case 7 when parent is not null:
                parent.Members[index] = (parent.Members[index].Name, JsonTree.OfRaw(random.Pick(s_words)));
                break;
            default:
                ChangeLeaf(random.Pick(all.Where(static entry => !entry.Value.IsObject && !entry.Value.IsArray).DefaultIfEmpty(all[0])
                    .ToList()), random);
                break;
        }
    }

    /// <summary>A number as the format spells them, at a border or of many digits.</summary>
    public static JsonTree Number(FuzzRandom random) => random.Next(8) switch
    {
        0 => JsonTree.OfString(Fraction(random)),
        1 => JsonTree.OfRaw(random.Integer().ToString(CultureInfo.InvariantCulture)),
        2 => JsonTree.OfRaw(Digits(random, random.Size(20_000))
            + (random.OneIn(2) ? "" : "e" + (random.Next(800) - 400).ToString(CultureInfo.InvariantCulture))),
        3 => JsonTree.OfRaw("0." + Digits(random, random.Size(20_000))),
        4 => JsonTree.OfString((random.OneIn(2) ? "f32:" : "f64:") + Convert.ToBase64String(random.Bytes(random.Size(600)))),
        _ => JsonTree.OfRaw(random.Number().ToString("R", CultureInfo.InvariantCulture)),
    };

    private static string Fraction(FuzzRandom random) =>
        (random.OneIn(3) ? "-" : "") + Digits(random, random.Size(10_002)) + "/"
            + (random.OneIn(10) ? "0" : Digits(random, random.Size(10_002)));

    private static string Digits(FuzzRandom random, int count)
    {
        string digits = string.Create(count, random, static (text, random) =>
        {
            for (int i = 0; i < text.Length; i++) text[i] = (char)('0' + random.Next(10));
        });
        return random.OneIn(8) ? digits : digits.TrimStart('0').PadLeft(1, '1');
    }

    private static JsonTree Deep(FuzzRandom random, JsonTree value)
    {
        for (int depth = random.Size(600); depth > 0; depth--)
        {
            var outer = random.OneIn(2) ? JsonTree.NewArray() : JsonTree.NewObject();
            outer.Members.Add(("a", value));
            value = outer;
        }

        return value;
    }

    private static void ChangeLeaf((JsonTree? Parent, int Index, JsonTree Value) leaf, FuzzRandom random)
    {
        if (leaf.Value.String is { } text)
        {
            if (text.Length > 4 && text[3] == ':' && !random.OneIn(3)) leaf.Value.String = Packed(text, random);
            else if (leaf.Parent is not null && random.OneIn(4))
                leaf.Parent.Members[leaf.Index] = (leaf.Parent.Members[leaf.Index].Name, Number(random));
            else leaf.Value.String = random.Name();
        }
        else if (leaf.Parent is not null)
        {
            leaf.Parent.Members[leaf.Index] = (leaf.Parent.Members[leaf.Index].Name, Number(random));
        }
    }

    /// <summary>Changes numbers in base64, or the base64 itself.</summary>
    private static string Packed(string text, FuzzRandom random)
    {
        string prefix = text[..4];
        if (random.OneIn(4)) prefix = random.Pick<string>(["f32:", "f64:", "f16:", "F32:"]);
        var bytes = new byte[text.Length];
        if (random.OneIn(5) || !Convert.TryFromBase64String(text[4..], bytes, out int length))
            return prefix + random.Pick<string>([text[4..] + "=", text[4..] + " ", text[5..], "=" + text[4..], ""]);
        bytes = bytes[..length];
        if (random.OneIn(3)) return prefix + Convert.ToBase64String(random.Edit(bytes));
        int size = prefix == "f64:" ? 8 : 4;
        if (bytes.Length >= size)
        {
            var number = size == 8 ? BitConverter.GetBytes(random.Number()) : BitConverter.GetBytes((float)random.Number());
            number.CopyTo(bytes, random.Next(bytes.Length / size) * size);
        }

        return prefix + Convert.ToBase64String(bytes);
    }
}
