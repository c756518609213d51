using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Data;
using Kan.Experiments.Training;

namespace Kan.Experiments.CriticalPath;

/// <summary>The tasks on which the path is walked.</summary>
internal static class PathTasks
{
    private static readonly TrainingPlan s_plan = new(BatchSize: 16, LearningRate: 3e-3);

    /// <summary>Whether a tumor is benign, from a network 30-16-8-1.</summary>
    public static PathTask BreastCancer(Session session, double penalty)
    {
        var data = TabularData.BreastCancer();
        var training = new SparseTraining(s_plan, session.Choose(200, 20), penalty, Least: 0.02f);
        var network = training.Run(TrainableNetworks.Relu<float>([30, 16, 8, 1], seed: 3), data.Training.Inputs, (row, outputs, gradients) =>
        {
            // The logistic loss: cross-entropy of two outputs, one of which is 0.
            double sign = data.Training.Targets[row] > 0 ? 1 : -1, share = 1 / (1 + Math.Exp(sign * outputs[0]));
            gradients[0] = (float)(-sign * share);
            return (float)-Math.Log(Math.Max(1e-12, 1 - share));
        });
        return new PathTask
        {
            Part = "breast-cancer",
            Training = Words(penalty),
            Network = WithZero(network),
            InputNames = data.Names,
            OutputNames = ["malignant", "benign"],
            Box = data.Box(),
            Samples = Doubles(data.Training.Inputs),
            Limit = new SampledLimit { Answers = 0.99 },
            Tolerance = 0.5,
            Score = new Accuracy(data.Test.Inputs, [.. data.Test.Targets.Select(static target => (int)target)]),
        };
    }

    /// <summary>The progression of diabetes, from a network 10-16-8-1.</summary>
    public static PathTask Diabetes(Session session, double penalty)
    {
        var data = TabularData.Diabetes();
        var training = new SparseTraining(s_plan, session.Choose(penalty > 0 ? 200 : 30, 20), penalty, Least: 0.02f);
        var network = training.Run(TrainableNetworks.Relu<float>([10, 16, 8, 1], seed: 3), data.Training.Inputs, SquareLoss(data.Training.Targets));
        return new PathTask
        {
            Part = "diabetes",
            Training = Words(penalty),
            Network = network,
            InputNames = data.Names,
            OutputNames = ["progression"],
            Box = data.Box(),
            Samples = Doubles(data.Training.Inputs),
            Limit = new SampledLimit { Difference = 0.2 },
            Tolerance = 0.1,
            Score = new RootMeanSquare(data.Test.Inputs, data.Test.Targets),
        };
    }

    /// <summary>exp(sin(pi x) + y²), the function of pykan's first tutorial.</summary>
    public static PathTask Formula(Session session, bool inFormOfKan, double penalty, int seed)
    {
        var random = new Random(5);
        var (inputs, targets) = Rows(1000);
        var (testInputs, testTargets) = Rows(1000);
        var training = new SparseTraining(s_plan with { LearningRate = 3e-3 }, session.Choose(400, 20), penalty, Least: 0.02f);
        var start = inFormOfKan ? SparseTraining.InFormOfKan([2, 5, 1], 16, seed) : TrainableNetworks.Relu<float>([2, 32, 32, 1], seed);
        var network = training.Run(start, inputs, SquareLoss(targets));
        return new PathTask
        {
            Part = "formula",
            Training = (inFormOfKan ? "in the form of Theorem 2, " : "") + Words(penalty),
            Network = network,
            InputNames = ["x", "y"],
            OutputNames = ["f"],
            Box = [new InputRange(-1, 1), new InputRange(-1, 1)],
            Samples = Doubles(inputs),
            Limit = new SampledLimit { Difference = 0.1 },
            Tolerance = 0.05,
            Score = new RootMeanSquare(testInputs, testTargets),
            TrainingScore = new RootMeanSquare(inputs, targets),
        };

        (float[][] Inputs, float[] Targets) Rows(int count)
        {
            float[][] rows = [.. Enumerable.Range(0, count).Select(_ => (float[])[Draw(), Draw()])];
            return (rows, [.. rows.Select(static row => (float)Math.Exp(Math.Sin(Math.PI * row[0]) + (row[1] * row[1])))]);
        }

        float Draw() => (float)((2 * random.NextDouble()) - 1);
    }

    /// <summary>Handwritten digits, from the network 784-128-64-10 of the sample, which PyTorch trained.</summary>
    public static PathTask Mnist(Session session)
    {
        var seen = Digits.Load(0..8500).Take(session.Choose(3000, 100));
        var test = Digits.Load(Digits.TestRows).Take(session.Choose(1500, 100));
        return new PathTask
        {
            Part = "mnist",
            Training = "with PyTorch",
            Network = TrainedModels.Mlp().ToReluNetwork(),
            InputNames = [],
            OutputNames = [.. Enumerable.Range(0, 10).Select(static digit => $"\u201C{digit}\u201D")],
            Box = [.. Enumerable.Repeat(new InputRange(0, 1), Digits.PixelCount)],
            Samples = [.. Enumerable.Range(0, seen.Count).Select(row => Array.ConvertAll(seen.Image(row).ToArray(), static pixel => (double)pixel))],
            Limit = new SampledLimit { Answers = 0.998 },
            Tolerance = 0.05,
            Score = new Accuracy([.. Enumerable.Range(0, test.Count).Select(row => test.Image(row).ToArray())], test.Labels),
        };
    }

    private static string Words(double penalty) => penalty > 0 ? "with a penalty on weights" : "plainly";

    private static double[][] Doubles(float[][] rows) => [.. rows.Select(static row => Array.ConvertAll(row, static x => (double)x))];

    private static Trainer<float>.Loss SquareLoss(float[] targets) => (row, outputs, gradients) => Losses.Square(outputs[0], targets[row], out gradients[0]);

    /// <summary>The network with a first output that is 0: the larger output is then the class.</summary>
    private static ReluNetwork WithZero(ReluNetwork network)
    {
        var last = network.Layers[^1];
        var weights = new List<(int, int, Rational)>();
        for (int p = 0; p < last.InputCount; p++)
        {
            if (!last.Weights[0, p].IsZero) weights.Add((1, p, last.Weights[0, p]));
        }

        return new ReluNetwork([.. network.Layers.SkipLast(1), new Kan.Networks.ReluLayer(SparseMatrix.Create(2, last.InputCount, weights), [Rational.Zero, last.Biases[0]], rectified: false)]);
    }
}
