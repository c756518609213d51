using System.Globalization;
using KanApp;

#if (HasModel)
var outputs = new float[Model.OutputCount];
Model.Evaluate(new float[Model.InputCount], outputs);
Console.WriteLine($"{Model.Info.Name}: {string.Join(" -> ", Model.Info.Widths)}, certified to "
    + $"{Model.Info.ErrorBound.ToString("E0", CultureInfo.InvariantCulture)}");
Console.WriteLine($"zeros give {string.Join(", ", outputs.Select(static output => output.ToString("F3", CultureInfo.InvariantCulture)))}");
#else
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"A parcel of 3 kg costs {Shipping.Price(3):F2}, one of 12 kg {Shipping.Price(12):F2}."));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{typeof(Score).FullName}: {string.Join(" -> ", Score.Info.Widths)}, score of (0.5, -2): {Score.Evaluate(0.5f, -2f)}"));
#endif
