using System;
using System.Buffers.Binary;

namespace Kan.Interchange.Hdf5;

/// <summary>The first bytes of an HDF5 file.</summary>
internal static class Superblock
{
    private const int VersionAt = 8, OldOffsetSizeAt = 13, OldEndAt = 40, NewOffsetSizeAt = 9, NewEndAt = 28;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Where the file says that it ends; null if its addresses are not of eight bytes.</summary>
    public static ulong? EndOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < OldEndAt + sizeof(int) + sizeof(ulong)) return ulong.MaxValue;
        bool isOld = bytes[VersionAt] < 2;

        // Version 1 has four bytes more before its addresses.
        int at = isOld ? OldEndAt + (bytes[VersionAt] * sizeof(int)) : NewEndAt;
        return bytes[isOld ? OldOffsetSizeAt : NewOffsetSizeAt] == sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..])
            : null;
    }
}
