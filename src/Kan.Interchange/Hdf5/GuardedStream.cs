using System;
using System.IO;
using System.Runtime.CompilerServices;

namespace Kan.Interchange.Hdf5;

/// <summary>
/// The bytes of an HDF5 file for a reader that follows whatever addresses it finds: reading ends with an exception where the file has no
/// such bytes, where it goes round in circles, where it nests deeper than the stack, and where a link leads to another file.
/// </summary>
internal sealed class GuardedStream(byte[] bytes) : Stream
{
    private const int ExternalLink = 64, HasLinkType = 8, LinkVersion = 1, LargestScalar = 8;

    // Each layer takes thousands of steps where there are many, and some thousand bytes of the file; a circle takes all.
    private long _steps = (1L << 18) + (16L * bytes.Length);
    private long _bytes = (1L << 28) + (256L * bytes.Length);
    private long _position;

    // The two single bytes that were read last, and where the next would stand.
    private int _before = -1, _last = -1;
    private long _next = -1;

    /// <summary>Whether numbers are read, which may look like anything.</summary>
    public bool ReadsNumbers { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => bytes.Length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (--_steps < 0 || (_bytes -= buffer.Length) < 0) throw new InvalidDataException("its parts lead round in circles");
        if (buffer.Length > bytes.Length - _position)
            throw new InvalidDataException($"{buffer.Length} bytes at {_position} are past the end of {bytes.Length} bytes");
        bytes.AsSpan((int)_position, buffer.Length).CopyTo(buffer);
        if (!ReadsNumbers) RefuseExternalLinks(buffer);
        _position += buffer.Length;
        return buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin)
    {
        if (--_steps < 0) throw new InvalidDataException("its parts lead round in circles");
        long position = origin == SeekOrigin.Begin ? offset : origin == SeekOrigin.Current ? _position + offset : bytes.Length + offset;
        if (position < 0 || position > bytes.Length)
            throw new InvalidDataException($"address {position} is outside of its {bytes.Length} bytes");
        return _position = position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>A link is its version, flags and kind, read one by one or out of a block.</summary>
    private void RefuseExternalLinks(ReadOnlySpan<byte> read)
    {
        if (read.Length == 1)
        {
            bool follows = _next == _position;
            if (follows && IsExternal(_before, _last, read[0])) throw Refusal();
            (_before, _last, _next) = (follows ? _last : -1, read[0], _position + 1);
        }

        if (read.Length <= LargestScalar) return;
        for (int i = 2; i < read.Length; i++)
        {
            if (IsExternal(read[i - 2], read[i - 1], read[i])) throw Refusal();
        }

        static bool IsExternal(int version, int flags, int kind) =>
            kind == ExternalLink && version == LinkVersion && (flags & HasLinkType) != 0;

        static InvalidDataException Refusal() => new("it links to another file, and none is opened");
    }
}
