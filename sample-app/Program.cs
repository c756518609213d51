using System;
using System.Globalization;
using System.IO;
using SampleApp;
#if KAN_CLUSTER
using SampleApp.Cluster;
#endif
using SampleApp.Service;

const string Usage = """
    usage: sample-app [row]          row: the digit to explain, 0..9999; default: the closest call of the test
           sample-app serve [--port PORT]
           sample-app silo | submit | cancel | rows   scoring on a cluster: see docs/cluster.md
    """;

if (args is ["serve", .. var options]) return await Server.Run(options);
#if KAN_CLUSTER
if (args is ["silo" or "submit" or "cancel" or "rows", ..]) return await ClusterCommands.Run(args);
#endif

try
{
    if (args.Length > 1) throw new ArgumentException(Usage);
    int? chosen = null;
    if (args.Length == 1)
        chosen = int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out int row)
            ? row
            : throw new ArgumentException(Usage);

    var data = MnistData.Load(PathOf("data/mnist10k-images-idx3-ubyte.gz"), PathOf("data/mnist10k-labels-idx1-ubyte.gz"));
    if (data.Count != 10_000) throw new InvalidDataException($"{data.Count} digits, not 10000");
    if (chosen >= data.Count) throw new ArgumentException(Usage);
    var test = 8500..10_000;
    var expectedMlp = Expected.Load(PathOf("models/mnist-mlp.expected.json"), data.Count, MnistMlp.OutputCount);
    var expectedKan = Expected.Load(PathOf("models/mnist-kan.expected.json"), data.Count, MnistKan.OutputCount);

    var mlp = Measurement.Of<MnistMlp>(data, test, expectedMlp);
    Report.Summary(mlp);
    var kan = Measurement.Of<MnistKan>(data, test, expectedKan);
    Report.Summary(kan);
    Report.Layers([mlp, kan]);
    bool passed = Report.Checks(mlp, expectedMlp) & Report.Checks(kan, expectedKan);
    var decision = Decision.Of<MnistMlp>(data, chosen ?? Decision.ClosestCall<MnistMlp>(data, test));
    Report.Picture(data, decision, mlp.Info.Name);
    return passed ? 0 : 1;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, file);
