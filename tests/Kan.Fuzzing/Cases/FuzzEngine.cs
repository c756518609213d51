using System.Collections.Generic;
using System.Linq;

namespace Kan.Fuzzing.Cases;

/// <summary>Makes and judges the cases of one kind of input.</summary>
internal abstract class FuzzEngine
{
    /// <summary>The name on the command line and in reports.</summary>
    public abstract string Name { get; }

    /// <summary>What the engine makes, for the report.</summary>
    public abstract string Subject { get; }

    /// <summary>Whether the cases are C# sources rather than files.</summary>
    public virtual bool IsSource => false;

    /// <summary>The number of valid inputs to start from.</summary>
    public abstract int SeedCount { get; }

    /// <summary>The part of the files of a run, in relation to other engines.</summary>
    public virtual double Weight => 1;

    /// <summary>Cases in one segment: all that must be run again to make the last one of them.</summary>
    public virtual int SegmentLength => 1_000;

    /// <summary>The input of a genome, the same bytes each time.</summary>
    public abstract FuzzInput Build(Genome genome);

    /// <summary>Reads an input as the product does, and says what became of it.</summary>
    /// <param name="input">The files.</param>
    /// <param name="variant">Chooses the options; see <see cref="Genome.Variant"/>.</param>
    /// <param name="folder">An empty folder that may be written to; what is in it afterwards does not matter.</param>
    public abstract Verdict Judge(FuzzInput input, int variant, string folder);

    /// <summary>
    /// Does to an input what others do without the code under test: where this fails too, the case says nothing about it.
    /// </summary>
    public virtual void JudgeWithout(FuzzInput input)
    {
    }
}

/// <summary>An engine whose inputs have a structure in memory that is changed part by part.</summary>
/// <typeparam name="TModel">The structure.</typeparam>
internal abstract class StructuredEngine<TModel> : FuzzEngine
{
    private const int StepsForOneOfBytes = 14;

    /// <summary>Whether some steps change bytes rather than structure.</summary>
    protected virtual bool EditsBytes => true;

    /// <inheritdoc/>
    public sealed override FuzzInput Build(Genome genome)
    {
        var model = Seed(genome.Seed);
        var edits = new List<FuzzRandom>();
        foreach (int step in genome.Steps)
        {
            var random = new FuzzRandom(step);

            // Now and then what no structure has: changes of the bytes that are written at the end.
            if (random.OneIn(StepsForOneOfBytes) && EditsBytes) edits.Add(random);
            else Mutate(model, random);
        }

        var files = Write(model);
        foreach (var edit in edits)
        {
            int i = edit.Next(files.Count);
            files[i] = files[i] with { Bytes = edit.Edit([.. files[i].Bytes]) };
        }

        return new FuzzInput([.. files]);
    }

    /// <summary>A new copy of a valid input.</summary>
    protected abstract TModel Seed(int index);

    /// <summary>Changes a part.</summary>
    protected abstract void Mutate(TModel model, FuzzRandom random);

    /// <summary>The files of a structure, the one to open first.</summary>
    protected abstract List<FuzzFile> Write(TModel model);
}
