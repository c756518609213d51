using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Archives;

/// <summary>Changes an archive entry by entry.</summary>
internal static class ZipMutator
{
    private static readonly string[] s_names =
        ["m/data.pkl", "data.pkl", "m/data/0", "m/version", "m/byteorder", "m/constants.pkl", "layer0_values.npy", "layer0_range.npy",
        "layer1_values.npy", "layer0_values", "../a", "/a", "m//data.pkl", "M/DATA.PKL", "m\\data.pkl"];

    /// <summary>Changes one entry, or how the archive lists them.</summary>
    public static void Mutate(ZipModel zip, FuzzRandom random)
    {
        if (zip.Items.Count == 0)
        {
            zip.Items.Add(new ZipItem(random.Pick(s_names), random.Bytes(random.Size(100))));
            return;
        }

        int at = random.Next(zip.Items.Count);
        var item = zip.Items[at];
        switch (random.Next(18))
        {
            case 0:
                zip.Items.RemoveAt(at);
                break;
            case 1:
                for (int count = random.Size(4_200); count > 0; count--)
                {
                    var copy = item.Copy();
                    if (!random.OneIn(3)) copy.Name += count;
                    zip.Items.Insert(random.Next(zip.Items.Count + 1), copy);
                }

                break;
            case 2:
                int other = random.Next(zip.Items.Count);
                (zip.Items[at], zip.Items[other]) = (zip.Items[other], zip.Items[at]);
                break;
            case 3:
                item.Name = random.OneIn(2) ? random.Pick(s_names) : random.Name();
                break;
            case 4:
                item.LocalName = random.OneIn(2) ? random.Pick(s_names) : random.Name();
                break;
            case 5:
                item.IsDeflated = !item.IsDeflated;
                break;
            case 6:
                item.Crc = unchecked((uint)random.Integer());
                break;
            case 7:
                item.Length = unchecked((uint)random.Integer());
                break;
            case 8:
                item.CompressedLength = unchecked((uint)random.Integer());
                break;
            case 9:
                item.Method = (ushort)random.Pick<int>([0, 8, 9, 12, 14, 93, 99, 65535]);
                break;
            case 10:
                item.Flags = (ushort)(1 << random.Next(16));
                break;
            case 11:
                item.OffsetError = unchecked((int)random.Integer());
                break;
            case 12:
                item.Extra = Extra(random);
                break;
            case 13:
                zip.Count = unchecked((ushort)random.Integer());
                break;
            case 14:
                zip.DirectoryError = random.OneIn(2) ? random.Next(-64, 65) : unchecked((int)random.Integer());
                break;
            case 15:
                zip.Before = random.Bytes(random.Size(100));
                break;
            case 16:
                zip.After = random.Bytes(random.Size(100));
                break;
            default:
                // Much out of little.
                item.Content = new byte[random.Size(4 << 20)];
                item.IsDeflated = true;
                break;
        }
    }

    /// <summary>A record of 64-bit sizes, which take the place of those in the header.</summary>
    private static byte[] Extra(FuzzRandom random)
    {
        if (random.OneIn(2)) return random.Bytes(random.Next(40));
        return [1, 0, 24, 0, .. System.BitConverter.GetBytes(random.Integer()), .. System.BitConverter.GetBytes(random.Integer()),
            .. System.BitConverter.GetBytes(random.Integer())];
    }
}
