using System;
using System.IO;
using System.Threading;
using Kan.Analysis;
using Kan.Interchange;

namespace Kan.Experiments.Verification;

/// <summary>Runs instances one after the other, each within a limit of processor time.</summary>
internal sealed class VerificationRun(string folder, double seconds, int workers, bool isChecked)
{
    private string? _networkFile;
    private KanNetwork? _network;
    private double _readSeconds;

    public Outcome Run(Instance instance)
    {
        var network = Read(Path.Combine(folder, instance.Benchmark, "onnx", instance.Network + ".gz"));
        double start = Processor;
        using var limit = new CancellationTokenSource();
        using var watch = new Timer(_ =>
        {
            if (Processor - start > 1.2 * seconds) limit.Cancel();
        });
        watch.Change(1000, 200);
        var statement = VnnLib.ReadFile(Path.Combine(folder, instance.Benchmark, "vnnlib", instance.Property + ".gz"));
        try
        {
            var result = Prover.Prove(network, statement,
                new ProverOptions
                {
                    TimeLimit = TimeSpan.FromSeconds(seconds),
                    TimeProvider = new ProcessorClock(),
                    Workers = workers,
                    IsChecked = isChecked
                }, limit.Token);
            string verdict = result.Verdict switch { ProofVerdict.Proved => "unsat", ProofVerdict.Refuted => "sat", _ => "unknown" };
            return new Outcome(instance, verdict, Processor - start + _readSeconds, result.CheckTime.TotalSeconds, result.PartCount,
                seconds);
        }
        catch (OperationCanceledException)
        {
            return new Outcome(instance, "unknown", Processor - start + _readSeconds, 0, 0, seconds);
        }
    }

    private static double Processor => Environment.CpuUsage.TotalTime.TotalSeconds;

    private KanNetwork Read(string path)
    {
        if (_networkFile == path) return _network!;
        double start = Processor;
        (_networkFile, _network) = (path, ModelImporter.Import(path).ToNetwork());
        _readSeconds = Processor - start;
        return _network!;
    }

    /// <summary>Counts what the processors spend on this process, so that other work on the machine does not count.</summary>
    private sealed class ProcessorClock : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
    }
}
