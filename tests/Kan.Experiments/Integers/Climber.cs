using System;
using System.Linq;

namespace Kan.Experiments.Integers;

/// <summary>
/// Looks for inputs at which a network's integers are furthest from the exact network: corners of the ranges, random points of them, and
/// points half-way between codes; from the worst of those it climbs. For each input it learns what an end of the range or a half-way point
/// would change, takes all changes that help at once, and halves their number until the error grows.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="seed">Of random numbers.</param>
internal sealed class Climber(AttackedNetwork network, int seed)
{
    private const int Rows = 256, Starts = 4;

    private readonly Random _random = new(seed);
    private readonly FirstLayer? _first = FirstLayer.Of(network);
    private readonly int _n = network.Form.InputCount;
    private readonly float[] _samples = new float[Rows * network.Form.InputCount];
    private readonly double[] _errors = new double[Rows];

    /// <summary>Inputs tried.</summary>
    public long Tried { get; private set; }

    /// <summary>The largest error found.</summary>
    public double Worst { get; private set; } = -1;

    /// <summary>Where it was found.</summary>
    public float[] WorstSample { get; private set; } = [];

    /// <summary>Tries about as many inputs as told.</summary>
    public void Run(long inputs)
    {
        while (Tried < inputs)
        {
            for (int row = 0; row < Rows; row++) Start(_samples.AsSpan(row * _n, _n), row % 8);
            Measure(Rows);
            int[] order = [.. Enumerable.Range(0, Rows).OrderByDescending(row => _errors[row]).Take(Starts)];
            (float[] Sample, double Error)[] starts = [.. order.Select(row => (_samples.AsSpan(row * _n, _n).ToArray(), _errors[row]))];
            if (Worst > 0) starts[^1] = Shaken();
            foreach (var (sample, error) in starts)
            {
                if (Tried < inputs) Climb(sample, error, inputs);
            }
        }
    }

    /// <summary>Climbs until a round over all inputs changes nothing.</summary>
    private void Climb(float[] sample, double error, long inputs)
    {
        double[] gains = new double[_n];
        float[] values = new float[_n];
        int[] order = [.. Enumerable.Range(0, _n)];
        for (int idle = 0; idle < 2 && Tried < inputs;)
        {
            _random.Shuffle(order);
            double before = error;
            for (int first = 0; first < _n && Tried < inputs; first += Rows / 4)
            {
                int count = Math.Min(Rows / 4, _n - first);
                for (int i = 0; i < count; i++)
                {
                    for (int k = 0; k < 4; k++)
                    {
                        var own = _samples.AsSpan(((i * 4) + k) * _n, _n);
                        sample.CopyTo(own);
                        own[order[first + i]] = Candidate(order[first + i], sample[order[first + i]], k);
                    }
                }

                Measure(count * 4);
                for (int i = 0; i < count; i++)
                {
                    int best = Enumerable.Range(i * 4, 4).MaxBy(row => _errors[row]), p = order[first + i];
                    (gains[i], values[i]) = (_errors[best] - error, _samples[(best * _n) + p]);
                }

                Take(order.AsSpan(first, count), gains, values, sample, ref error);
            }

            idle = error > before ? 0 : idle + 1;
        }
    }

    /// <summary>Takes the changes that help most: all, half of them, and so on, whichever is best.</summary>
    private void Take(ReadOnlySpan<int> inputs, double[] gains, float[] values, float[] sample, ref double error)
    {
        int[] helpful = [.. Enumerable.Range(0, inputs.Length).Where(i => gains[i] > 0).OrderByDescending(i => gains[i])];
        if (helpful.Length == 0) return;
        int rows = 0;
        for (int count = helpful.Length; count > 0; count /= 2, rows++)
        {
            var own = _samples.AsSpan(rows * _n, _n);
            sample.CopyTo(own);
            foreach (int i in helpful.AsSpan(0, count)) own[inputs[i]] = values[i];
        }

        Measure(rows);
        int best = Enumerable.Range(0, rows).MaxBy(row => _errors[row]);
        if (_errors[best] <= error) return;
        error = _errors[best];
        _samples.AsSpan(best * _n, _n).CopyTo(sample);
    }

    private void Measure(int rows)
    {
        network.Errors(_samples, rows, _errors);
        Tried += rows;
        for (int row = 0; row < rows; row++)
        {
            if (!(_errors[row] > Worst)) continue;
            Worst = _errors[row];
            WorstSample = _samples.AsSpan(row * _n, _n).ToArray();
        }
    }

    /// <summary>The worst sample with some inputs changed.</summary>
    private (float[] Sample, double Error) Shaken()
    {
        float[] sample = (float[])WorstSample.Clone();
        int changes = Math.Max(1, _random.Next(_n) / 8);
        for (int i = 0; i < changes; i++)
        {
            int p = _random.Next(_n);
            sample[p] = Candidate(p, sample[p], _random.Next(4));
        }

        sample.CopyTo(_samples, 0);
        Measure(1);
        return (sample, _errors[0]);
    }

    private void Start(Span<float> sample, int kind)
    {
        if (kind > 3 && _first is not null)
        {
            _first.Drive(_random, sample);
            return;
        }

        double share = _random.NextDouble();
        for (int p = 0; p < _n; p++)
        {
            float low = network.Low[p], high = network.High[p];
            sample[p] = (kind % 4) switch
            {
                0 => _random.NextDouble() < share ? low : high,
                1 => Inside(p),
                2 => HalfWay(p, Inside(p)),
                _ => _random.Next(3) switch { 0 => low, 1 => high, _ => HalfWay(p, Inside(p)) },
            };
        }
    }

    /// <summary>An end of the range, or a point that is half-way between two codes, near a number or anywhere.</summary>
    private float Candidate(int p, float near, int kind) => kind switch
    {
        0 => HalfWay(p, network.Low[p] + (_random.Next(3) * network.Form.Input(p).Scale), network.Low[p]),
        1 => HalfWay(p, network.High[p] - (_random.Next(3) * network.Form.Input(p).Scale), network.High[p]),
        3 when _random.Next(2) == 0 && _first?.Points(p) is { Length: > 2 } points => points[_random.Next(points.Length)],
        2 => HalfWay(p, near + ((_random.Next(5) - 2) * network.Form.Input(p).Scale)),
        _ => HalfWay(p, Inside(p)),
    };

    private float Inside(int p) =>
        (float)Math.Clamp(network.Low[p] + (_random.NextDouble() * ((double)network.High[p] - network.Low[p])), network.Low[p],
            network.High[p]);

    /// <summary>The end itself as often as a half-way point near it.</summary>
    private float HalfWay(int p, float near, float end) => _random.Next(2) == 0 ? end : HalfWay(p, near);

    /// <summary>A float on either side of the point between two codes that is next to a number.</summary>
    private float HalfWay(int p, float near)
    {
        var codes = network.Form.Input(p);
        float half = (float)((Math.Floor(near / (double)codes.Scale) + 0.5) * codes.Scale);
        half = _random.Next(3) switch { 0 => half, 1 => MathF.BitIncrement(half), _ => MathF.BitDecrement(half) };
        return Math.Clamp(half, network.Low[p], network.High[p]);
    }
}
