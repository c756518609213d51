using System;
using System.Buffers.Binary;
using System.IO;
using System.Numerics;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Rows of a <c>.npy</c> file.</summary>
internal sealed class NpyRowSource<T> : RowSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FileStream _file;
    private readonly NpyHeader _header;
    private readonly string _path;
    private readonly byte[] _bytes;

    public NpyRowSource(string path, int count)
    {
        _path = path;
        _file = DataFile.Open(path);
        try
        {
            _header = DataFile.Read(path, () => NpyHeader.Read(_file, path));
            if (_header.Columns != count)
                throw ToolException.BadData(path, $"Each row has {NumberText.Count(_header.Columns, "number")}; expected {count}.");
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        _bytes = new byte[count * _header.ElementBytes];
    }

    public override double Position => _header.Rows == 0 ? 1 : (double)Row / _header.Rows;

    public override bool Read(Span<T> row)
    {
        if (Row == _header.Rows) return false;
        Fill();
        Row++;
        for (int i = 0; i < row.Length; i++)
        {
            double value = _header.ElementBytes == sizeof(float)
                ? BinaryPrimitives.ReadSingleLittleEndian(_bytes.AsSpan(i * sizeof(float)))
                : BinaryPrimitives.ReadDoubleLittleEndian(_bytes.AsSpan(i * sizeof(double)));
            row[i] = T.CreateTruncating(value);
            if (T.IsInfinity(row[i]) && double.IsFinite(value)) throw BeyondFloat(_path, i + 1, value);
        }

        return true;
    }

    public override void Skip(long rows)
    {
        if (rows > _header.Rows - Row) throw TooFew(_path, _header.Rows, rows);
        _file.Seek(rows * _bytes.Length, SeekOrigin.Current);
        Row += rows;
    }

    public override void Dispose() => _file.Dispose();

    private void Fill()
    {
        try
        {
            _file.ReadExactly(_bytes);
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw new ToolException(Failure.From(FileFailure.OfReading(_path, exception, "")));
        }
    }
}
