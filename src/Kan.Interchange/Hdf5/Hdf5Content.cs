using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Kan.Interchange.Tensors;
using PureHDF;
using PureHDF.VOL.Native;

namespace Kan.Interchange.Hdf5;

/// <summary>
/// Groups, attributes and numbers of an HDF5 file in memory. No other file is opened, whatever this one says, and every failure of the
/// library that reads it is a refusal of the file.
/// </summary>
internal sealed class Hdf5Content : IDisposable
{
    private readonly ModelFile _file;
    private readonly string _title;
    private readonly int _length;
    private readonly GuardedStream _stream;
    private readonly NativeFile _content;
    private readonly Dictionary<string, IH5Object> _found = new(StringComparer.Ordinal);

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file, for complaints.</param>
    /// <param name="bytes">The content, which may be that of an archive's entry.</param>
    /// <param name="title">What it is, as a sentence begins with it.</param>
    /// <exception cref="ModelFileException">The bytes are no HDF5 file, or are damaged.</exception>
    public Hdf5Content(ModelFile file, byte[] bytes, string title)
    {
        (_file, _title, _length) = (file, title, bytes.Length);
        if (!bytes.AsSpan().StartsWith(Superblock.Signature))
            throw file.Malformed($"{title} does not begin with the signature of HDF5. It is damaged, or of another format.");
        if (Superblock.EndOf(bytes) is { } end && end > (ulong)bytes.Length)
            throw file.Malformed($"{title} has {bytes.Length} bytes of {end}: it ends early. Save or copy the model again.");
        _stream = new GuardedStream(bytes);
        _content = Guard(() => H5File.Open(_stream, leaveOpen: true));
    }

    /// <summary>Whether there is something at a path.</summary>
    public bool Has(string path) => Guard(() => Find(path) is not null);

    /// <summary>Whether a group or dataset has an attribute.</summary>
    public bool HasAttribute(string path, string name) => Guard(() => At(path).AttributeExists(name));

    /// <summary>The texts of an attribute; one where it is a single one.</summary>
    /// <exception cref="ModelFileException">It holds no text, or more than is read.</exception>
    public string[] Texts(string path, string name) => Guard<string[]>(() =>
    {
        var attribute = At(path).Attribute(name);
        long count = CountOf(attribute.Space, $"The attribute '{name}' of '{path}'");
        if (count == 0) return [];
        var kind = attribute.Type.Class;
        if (kind is not (H5DataTypeClass.String or H5DataTypeClass.VariableLength))
            throw _file.Unsupported($"The attribute '{name}' of '{path}' holds no text. Save the model again with Keras.");
        if (kind == H5DataTypeClass.VariableLength && (count - 1) * _length > ModelLimits.FileBytes)
            throw _file.Unsupported($"The attribute '{name}' of '{path}' has {count} texts, which may be longer than what is read. "
                + $"Reduce the model.");
        string?[] texts = attribute.Space.Rank == 0 ? [attribute.Read<string>()] : attribute.Read<string[]>();
        return [.. texts.Select(text => text ?? throw _file.Malformed($"The attribute '{name}' of '{path}' has a text that is not there. "
            + $"The file is damaged."))];
    });

    /// <summary>The numbers of a dataset.</summary>
    /// <exception cref="ModelFileException">There is none, it holds no floats, or more than is read, or lies in another file.</exception>
    public StoredTensor Tensor(string path) => Guard(() =>
    {
        if (Find(path) is not NativeDataset dataset)
            throw _file.Malformed($"{_title} has no dataset '{path}'. It is damaged, or of another format.");
        long count = CountOf(dataset.Space, $"The dataset '{path}'");
        int[] shape = dataset.Space.Rank == 0 ? [] : [.. dataset.Space.Dimensions.Select(static size => (int)size)];
        if (dataset.Layout.Class == H5DataLayoutClass.VirtualStorage || ExternalFiles(dataset) is not null)
            throw _file.Unsupported($"The dataset '{path}' is stored in other files. Save the model again with Keras.");
        if (dataset.Layout.Class == H5DataLayoutClass.Chunked && Product(dataset.Layout.Chunks) > ModelLimits.NumbersOf(_length))
            throw _file.Unsupported($"The dataset '{path}' is stored in chunks larger than what is read. Save the model again with Keras.");
        var (kind, size) = (dataset.Type.Class, dataset.Type.Size);
        if (kind != H5DataTypeClass.FloatingPoint || size is not (2 or 4 or 8))
            throw _file.Unsupported($"The dataset '{path}' holds {Words(kind)} of {size} bytes. Weights are read as floats of 2, 4 or 8 "
                + $"bytes: save the model in float32, not quantized.");
        if (count == 0) return new StoredTensor(path, shape, ElementType.Float32, []);
        _stream.ReadsNumbers = true;
        try
        {
            return size switch
            {
                2 => new StoredTensor(path, shape, ElementType.Float16,
                    Array.ConvertAll(dataset.Read<Half[]>(), static value => (double)value)),
                4 => new StoredTensor(path, shape, ElementType.Float32,
                    Array.ConvertAll(dataset.Read<float[]>(), static value => (double)value)),
                _ => new StoredTensor(path, shape, ElementType.Float64, dataset.Read<double[]>()),
            };
        }
        finally
        {
            _stream.ReadsNumbers = false;
        }
    });

    public void Dispose() => _content.Dispose();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InternalExternalFileList")]
    [return: UnsafeAccessorType("PureHDF.VOL.Native.ExternalFileListMessage, PureHDF")]
    private static extern object? ExternalFiles(NativeDataset dataset);

    private static string Words(H5DataTypeClass kind) => kind switch
    {
        H5DataTypeClass.FixedPoint => "integers",
        H5DataTypeClass.FloatingPoint => "floats",
        H5DataTypeClass.String or H5DataTypeClass.VariableLength => "texts",
        _ => "values",
    };

    private static long Product(IEnumerable<ulong> sizes) =>
        sizes.Aggregate(1L, static (product, size) => size > ModelLimits.Parameters || product > ModelLimits.Parameters
            ? long.MaxValue
            : product * (long)size);

    private IH5Object At(string path) => Find(path) ?? throw _file.Malformed($"{_title} has no '{path}'. It is damaged, or of another "
        + $"format.");

    /// <summary>What is at a path; null if nothing is. Groups are kept, since their names are read anew otherwise.</summary>
    private IH5Object? Find(string path)
    {
        // Names of the file may have as many parts as they have characters.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (path is "/" or "") return _content;
        if (_found.TryGetValue(path, out var known)) return known;
        int slash = path.LastIndexOf('/');
        string name = path[(slash + 1)..];
        if (Find(path[..Math.Max(slash, 0)]) is not NativeGroup parent || !parent.LinkExists(name)) return null;
        return _found[path] = parent.Get(name);
    }

    /// <summary>The number of values of a dataspace, before memory is taken for them.</summary>
    private long CountOf(IH5Dataspace space, string owner)
    {
        if (space.Type == H5DataspaceType.Null) return 0;
        if (space.Rank == 0) return 1;
        if (space.Rank > ModelLimits.Axes || space.Dimensions.Length != space.Rank)
            throw _file.Malformed($"{owner} has {space.Rank} axes; at most {ModelLimits.Axes} are read.");
        if (space.Dimensions.Contains(0UL)) return 0;
        long count = Product(space.Dimensions), most = Math.Min(ModelLimits.Parameters, ModelLimits.NumbersOf(_length));
        return count <= most
            ? count
            : throw _file.Unsupported($"{owner} claims the shape [{string.Join(", ", space.Dimensions)}]; at most {most:N0} numbers are "
            + $"read from a file of {_length:N0} bytes. Compiled networks are small: reduce or prune the model.");
    }

    /// <summary>What the library throws is a matter of the file.</summary>
    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not (ModelFileException or OperationCanceledException or ExactWorkException))
        {
            var cause = exception;
            while (cause.InnerException is { } inner) cause = inner;
            string reason = cause is InsufficientExecutionStackException ? "its parts are nested too deeply"
                : cause is OutOfMemoryException ? "a part claims more memory than there is"
                : cause.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw _file.Malformed($"{_title} is damaged, or not written by Keras ({reason}). Save or copy the model again.", exception);
        }
    }
}
