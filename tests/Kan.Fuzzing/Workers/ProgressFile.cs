using System;
using System.IO;
using System.IO.MemoryMappedFiles;
using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Workers;

/// <summary>Which case a worker is at, in memory that outlives it.</summary>
internal sealed class ProgressFile : IDisposable
{
    private const int Bytes = 256, MostSteps = 48;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private ProgressFile(MemoryMappedFile file)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, Bytes);
    }

    public static ProgressFile Open(string path) => new(MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Bytes));

    /// <summary>Counts the cases that began: it changes whenever another one does.</summary>
    public long Count => _view.ReadInt64(0);

    /// <summary>The case that is running, and what it is made of; the index is -1 between cases.</summary>
    public (long Index, Genome Genome) Current
    {
        get
        {
            var steps = new int[Math.Clamp(_view.ReadInt32(24), 0, MostSteps)];
            _view.ReadArray(28, steps, 0, steps.Length);
            return (_view.ReadInt64(8), new Genome(_view.ReadInt32(16), _view.ReadInt32(20), [.. steps]));
        }
    }

    /// <summary>Says that a case begins.</summary>
    public void Begin(long index, Genome genome)
    {
        _view.Write(16, genome.Seed);
        _view.Write(20, genome.Variant);
        _view.Write(24, Math.Min(genome.Steps.Length, MostSteps));
        for (int i = 0; i < genome.Steps.Length && i < MostSteps; i++) _view.Write(28 + (4 * i), genome.Steps[i]);
        _view.Write(8, index);
        _view.Write(0, Count + 1);
    }

    /// <summary>Says that no case is running.</summary>
    public void End()
    {
        _view.Write(8, -1L);
        _view.Write(0, Count + 1);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
