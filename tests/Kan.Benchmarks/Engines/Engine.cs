using System;

namespace Kan.Benchmarks.Engines;

/// <summary>
/// A way to evaluate a network. All engines see the same samples and return sums of their outputs, so that no call can be left out.
/// </summary>
/// <param name="name">Its name in tables.</param>
internal abstract class Engine(string name) : IDisposable
{
    public string Name { get; } = name;

    /// <summary>What was chosen among variants, for the notes.</summary>
    public virtual string Detail => "";

    /// <summary>Evaluates one sample of the ring.</summary>
    public abstract float One(int sample);

    /// <summary>Evaluates samples of the ring, one after the other.</summary>
    public virtual float Many(int count)
    {
        float sum = 0;
        for (int i = 0; i < count; i++) sum += One(i);
        return sum;
    }

    /// <summary>Evaluates all rows of the ring in one call.</summary>
    public abstract float Batch();

    /// <summary>The outputs of all rows of the ring, to compare engines.</summary>
    public abstract float[] Outputs();

    public virtual void Dispose()
    {
    }
}
