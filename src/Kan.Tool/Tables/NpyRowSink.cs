using System;
using System.IO;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kan.Tool;

/// <summary>A <c>.npy</c> file of rows; its header counts them when all are there.</summary>
internal sealed class NpyRowSink<T> : RowSink<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _count;
    private readonly byte[] _bytes;
    private readonly byte[]? _last;

    public NpyRowSink(string path, int count, bool resume)
        : base(path, resume)
    {
        _count = count;
        _bytes = new byte[count * Unsafe.SizeOf<T>()];
        byte[] header = NpyHeader.Write(Unsafe.SizeOf<T>(), 0, count);
        if (File.Length < header.Length)
        {
            File.SetLength(0);
            File.Write(header);
            return;
        }

        var found = new byte[header.Length];
        File.ReadExactly(found);
        if (!found.AsSpan().SequenceEqual(header)) throw ToolException.BadData(path + ".part", "Its header does not match these outputs: "
            + "it was started with another model. Run without --resume.");
        Rows = (File.Length - header.Length) / _bytes.Length;
        File.SetLength(header.Length + (Rows * _bytes.Length));
        File.Position = File.Length;
        if (Rows == 0) return;
        _last = new byte[_bytes.Length];
        File.Position -= _bytes.Length;
        File.ReadExactly(_last);
    }

    public override void Write(ReadOnlySpan<T> row)
    {
        Encode(row);
        File.Write(_bytes);
        Rows++;
    }

    public override bool LastRowIs(ReadOnlySpan<T> row)
    {
        Encode(row);
        return _bytes.AsSpan().SequenceEqual(_last);
    }

    public override void Flush() => File.Flush();

    public override void Complete()
    {
        File.Flush();
        File.Position = 0;
        File.Write(NpyHeader.Write(Unsafe.SizeOf<T>(), Rows, _count));
        base.Complete();
    }

    private void Encode(ReadOnlySpan<T> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            var place = _bytes.AsSpan(i * Unsafe.SizeOf<T>());
            if (typeof(T) == typeof(float))
                System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(place, float.CreateTruncating(row[i]));
            else System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(place, double.CreateTruncating(row[i]));
        }
    }
}
