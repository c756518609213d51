using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Kan.Compiler.Lower;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Experiments.Integers;

/// <summary>
/// A network as generated integers next to generated code in <c>double</c>, whose own certificate says how near it is to the exact network.
/// </summary>
internal sealed class AttackedNetwork
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> s_references = new(FindReferences);

    private readonly KanDocument _document;
    private readonly Integers _integers;
    private readonly Doubles _doubles;
    private float[] _found = [];
    private double[] _wide = [], _exact = [];

    private AttackedNetwork(KanDocument document, IntegerPlan plan, Integers integers, Doubles doubles, double doubleBound)
    {
        _document = document;
        Exact = document.ToNetwork();
        Form = plan.Form;
        Bound = plan.Certificate.Bound;
        DoubleBound = doubleBound;
        (_integers, _doubles) = (integers, doubles);
        (Low, High) = Ends(document, Form.InputCount);
    }

    private delegate void Integers(ReadOnlySpan<float> inputs, Span<float> outputs);

    private delegate void Doubles(ReadOnlySpan<double> inputs, Span<double> outputs);

    public string Name => _document.Name;

    /// <summary>The exact network.</summary>
    public KanNetwork Exact { get; }

    public IntegerForm Form { get; }

    /// <summary>What the certificate says that |integer - exact| is at most.</summary>
    public double Bound { get; }

    /// <summary>What the code in double is off the exact network at most.</summary>
    public double DoubleBound { get; }

    /// <summary>The least and the greatest float in the range of each input.</summary>
    public float[] Low { get; }

    /// <summary>The greatest float in the range of each input.</summary>
    public float[] High { get; }

    /// <summary>What is attacked.</summary>
    public string Kind => (Form.Layers[0].HasCurves, Form.IsWide) switch
    {
        (false, false) => "8 bits",
        (false, true) => "codes of 16 bits",
        (true, false) => "curves",
        (true, true) => "curves of 16 bits",
    };

    /// <summary>Compiles a network both ways; null if it has no integer form, or only an infinite bound.</summary>
    public static AttackedNetwork? Create(KanDocument document)
    {
        if (NetworkCompiler.Plan(document, Kan.Precision.Int8, Lowering.Auto).Integers is not { } plan
            || !double.IsFinite(plan.Certificate.Bound)) return null;
        double bound = NetworkCompiler.Plan(document, Kan.Precision.Double, Lowering.Auto).ErrorBound;
        if (!double.IsFinite(bound)) return null;
        var integers = Compile<Integers>(document with { Head = NetworkHead.None }, Kan.Precision.Int8, typeof(float));
        var doubles = Compile<Doubles>(document with { Head = NetworkHead.None }, Kan.Precision.Double, typeof(double));
        return new AttackedNetwork(document, plan, integers, doubles, bound);
    }

    /// <summary>The largest distance of an output from that of the code in double, for each of some samples.</summary>
    public void Errors(float[] samples, int count, double[] errors)
    {
        int n = Form.InputCount, m = Form.OutputCount;
        if (_found.Length < count * m) (_found, _exact) = (new float[count * m], new double[count * m]);
        if (_wide.Length < count * n) _wide = new double[count * n];
        for (int i = 0; i < count * n; i++) _wide[i] = samples[i];
        _integers(samples.AsSpan(0, count * n), _found.AsSpan(0, count * m));
        _doubles(_wide.AsSpan(0, count * n), _exact.AsSpan(0, count * m));
        for (int row = 0; row < count; row++)
        {
            double largest = 0;
            for (int q = row * m; q < (row + 1) * m; q++) largest = Math.Max(largest, Math.Abs(_found[q] - _exact[q]));
            errors[row] = largest;
        }
    }

    /// <summary>The distance of a sample's outputs from those of the exact network, by the reference and in rational numbers.</summary>
    public double ExactError(float[] sample)
    {
        var exact = Exact.Evaluate([.. sample.Select(Rational.FromSingle)]);
        return new IntegerEvaluator(Form).Evaluate(sample)
            .Zip(exact, static (found, own) => Rational.Abs(Rational.FromSingle(found) - own)).Max().ToDouble();
    }

    private static (float[] Low, float[] High) Ends(KanDocument document, int inputs)
    {
        float[] low = new float[inputs], high = new float[inputs];
        for (int p = 0; p < inputs; p++)
        {
            var range = document.InputRanges[document.InputRanges.Length == 1 ? 0 : p];
            low[p] = range.Low.ToSingle();
            if (Rational.FromSingle(low[p]) < range.Low) low[p] = MathF.BitIncrement(low[p]);
            high[p] = range.High.ToSingle();
            if (Rational.FromSingle(high[p]) > range.High) high[p] = MathF.BitDecrement(high[p]);
        }

        return (low, high);
    }

    private static T Compile<T>(KanDocument document, Kan.Precision precision, Type number)
        where T : Delegate
    {
        const string TypeName = "Attacked";
        var target = new TargetType("", [$"public static partial class {TypeName}"], IsStatic: true);
        var source = NetworkCompiler.Compile(document, new CompilerOptions { Target = target, Precision = precision });
        var compilation = CSharpCompilation.Create($"{TypeName}{Guid.NewGuid():N}",
            source.Files.Select(static (text, i) =>
                CSharpSyntaxTree.ParseText(text, path: string.Create(CultureInfo.InvariantCulture, $"{i}.cs"))),
            s_references.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        if (!emitted.Success) throw new InvalidOperationException(string.Join("\n", emitted.Diagnostics.Take(5)));
        image.Position = 0;
        var type = new AssemblyLoadContext(compilation.AssemblyName).LoadFromStream(image).GetType(TypeName, throwOnError: true)!;
        return type.GetMethod("EvaluateBatch", BindingFlags.Static | BindingFlags.Public,
            [typeof(ReadOnlySpan<>).MakeGenericType(number), typeof(Span<>).MakeGenericType(number)])!.CreateDelegate<T>();
    }

    private static List<MetadataReference> FindReferences()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var paths = trusted.Where(path => Path.GetDirectoryName(path) == framework).Append(typeof(IKanModel<>).Assembly.Location);
        return [.. paths.Select(static path => MetadataReference.CreateFromFile(path))];
    }
}
