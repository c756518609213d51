using Xunit;

namespace Kan.Generators.Tests.Functions;

/// <summary>
/// The corners of C# that an edge may be written in: what compiles is what running it gives, what does not is flagged at its part.
/// </summary>
public sealed class SnippetTests
{
    /// <summary>Members of a class, of which <c>F</c> is the edge.</summary>
    public static TheoryData<string> Sound { get; } = new(
        // Constants, and what the C# compiler makes of them.
        "static double F(double x) { const int n = 7; const double half = n / 2; return half * x; }",
        "static double F(double x) => x * (1 / 3) + 7 / 2 + 7 % 4;",
        "static double F(double x) => x * (0.1 + 0.2) / 3;",
        "static double F(double x) => x * 0.1f + (float)0.1;",
        "static double F(double x) => x * (double)0.1m + (double)1_000_000_000_000L;",
        "static double F(double x) => x * default(int) + default(double);",
        "static double F(double x) => x + 'a' + sizeof(int) + int.MaxValue;",
        "static double F(double x) => x * (true ? 2 : 3) + (int)2.9 + (byte)200;",
        "static double F(double x) => x * 0x10 + 0b11 + 1e3 + .5 + 1_000.5;",
        "static double F(double x) => x * Math.PI + Math.E + Math.Tau - double.Epsilon;",
        "enum Mode { Off, Slow = 2 } static double F(double x) => x * (int)Mode.Slow + (double)(int)Mode.Off;",
        "static double F(double x) => checked(x + 1) * unchecked((byte)300);",
        "static double F(double x) { int big = int.MaxValue; long more = big + 1L; return x + more; }",
        "static double F(double x) => x + MathF.PI + Math.Sqrt(2) + Math.Pow(2, 0.5) + Math.Max(1, 2) + Math.Abs(-3);",

        // Conditions.
        "static double F(double x) => x is > 0 and < 5 ? x * (5 - 5) : 0;",
        "static double F(double x) => x is > 0 and < 5 ? Math.Min(x, 5 - x) : 0;",
        "static double F(double x) => x is not (< 0 or > 1) ? x : x < 0 ? 0 : 1;",
        "static double F(double x) => x is double and > 3 ? x : 3;",
        "static double F(double x) => x is var y && y > 3 ? y : 3;",
        "static double F(double x) => x is double y && y > 3 ? y : 3;",
        "static double F(double x) => double.IsNaN(x) ? 0 : double.IsInfinity(x) ? 1 : x;",
        "static double F(double x) => x == 0 ? 0 : x;",
        "static double F(double x) => x != 2 ? 2 * x : 4;",
        "static double F(double x) { bool high = x > 1, low = x < -1; return high ? 1 : low ? -1 : x; }",
        "static double F(double x) => (x > 1) ^ (x > 2) ? x - 1 : x > 2 ? 1 : 0;",
        "static double F(double x) => !(x > 1) == true ? 1 : x;",
        "static double F(double x) => 0 < x && x < 1 || x >= 1 && 2 > x ? Math.Min(x, 2 - x) : 0;",
        "static double F(double x) { bool b = x > 0; b &= x < 1; return b ? Math.Min(x, 1 - x) : 0; }",
        "static double F(double x) => (x > 0 ? 1 : -1) * x;",
        "static double F(double x) { if (x < 0) { return 0; } else if (x is >= 0 and <= 1) return 0 * x; return x - 1 - (x - 1) + (x < 1 "
        + "? 0 : 0); }",
        "static double F(double x) => x switch { < -1 => -1, > 1 => 1, _ => x };",
        "static double F(double x) => x switch { var y when y < 0 => 0, double y and <= 1 => y, _ => 1 };",
        "static double F(double x) => (x > 0, x > 1) switch { (false, _) => 0, (true, false) => x, (true, true) => 1 };",
        "static double F(double x) => true switch { _ when x < 0 => 0, _ => x };",
        "static double F(double x) { switch (x) { case < 0: return 0; case 0: case > 0 and < 1: return x; default: return 1; } }",
        "static double F(double x) { double y; switch (x > 0) { case true: y = x; break; default: y = 0; break; } return y; }",
        "static double F(double x) { switch (x) { case var y when y > 2: return 2; case double y: return y; } }",

        // Statements.
        "static double F(double x) { double y = x, z = y + 1; (y, z) = (z, y); return y - 2 * z; }",
        "static double F(double x) { var (a, b) = (x + 1, 2 * x); return a - b; }",
        "static double F(double x) { (double Low, double High) range = (0, 1); return Math.Clamp(x, range.Low, range.High); }",
        "static double F(double x) { x += 1; x -= 2; x *= 3; x /= 4; x++; --x; return x; }",
        "static double F(double x) { double y = x++ + ++x; return y; }",
        "static double F(double x) { double y; y = x = x + 1; return x + y; }",
        "static double F(double x) { { double y = 1; x += y; } { double y = 2; x *= y; } return x; }",
        "static double F(double x) { for (int i = 0, j = 5; i < j; i++, j--) x = Math.Max(x, i - j); return x; }",
        "static double F(double x) { int n = 3; do { x = Math.Abs(x) - n; n--; } while (n > 0); return x; }",
        "static double F(double x) { for (double t = 0; t < 1; t += 0.25) x = Math.Max(x, t * x); return x; }",
        "static double F(double x) { foreach (double t in (double[])[1, 2, 3]) { if (t == 2) continue; x = Math.Abs(x - t); } return x; }",
        "static double F(double x) { ReadOnlySpan<double> t = [1, 2]; double[] u = [3, 4]; return x * t[0] + t[^1] + u[^2]; }",
        "static double F(double x) { double[] t = { 1, 2, 3 }; double sum = 0; for (int i = 0; i < t.Length; i++) sum += Math.Max(0, x - "
        + "t[i]); return sum; }",
        "static double F(double x) { ReadOnlySpan<double> t = [1, 2]; foreach (var v in t) x = Math.Min(x, v + x / 2); return x; }",
        "static double F(double x) { foreach (var (at, slope) in new (double, double)[] { (1, 2), (3, -1) }) x += slope * Math.Max(0, x "
        + "- at); return x; }",
        "static double F(double x) { while (true) { x = Math.Abs(x) - 1; if (x < 10 || true) break; } return x; }",
        "static double F(double x) { for (int i = 0; i < 4; i++) { if (x < i) return x; x = i + (x - i) / 2; } return x; }",
        "static double F(double x) { if (false) throw new ArgumentOutOfRangeException(nameof(x)); return x; }",
        "static double F(double x) { _ = x; ; return x; }",
        "static double F(double x) { return (((x))); }",

        // Calls.
        "static double F(double x) { double Ramp(double v) => Math.Clamp(v, 0, 1); return Ramp(x) - Ramp(x - 2); }",
        "static double F(double x) { double a = 2; double Scale(double v) { return a * v; } return Scale(x) + Scale(1); }",
        "static double F(double x) { static double Scale(double v) => 2 * v; return Scale(Scale(x)); }",
        "static double F(double x) { double y = 0; Add(); return y; void Add() { y += x; } }",
        "static double F(double x) => Scale(x) + Scale(x, 3) + Scale(factor: 4, x: x); static double Scale(double x, double factor = 2) "
        + "=> factor * x;",
        "static double F(double x) => Largest(x, 1, -x); static double Largest(params double[] v) { double m = v[0]; foreach (double w "
        + "in v) m = Math.Max(m, w); return m; }",
        "static double F(double x) => Largest([x, 1, -x]); static double Largest(params ReadOnlySpan<double> v) { double m = v[0]; "
        + "foreach (double w in v) m = Math.Max(m, w); return m; }",
        "static double F(in double x) => Bend(x) + Bend(in x); static double Bend(in double v) => Math.Abs(v);",
        "static float F(float x) => MathF.Max(0, (float)Math.Min((double)x, 0.1)) + 0.1f * x;",
        "static double F(double x) => G((float)x); static float G(float x) => Math.Abs(x) * 0.5f;",
        "static double F(double x) => Int(3) * x; static int Int(int n) => n * n / 2;",
        "static double F(double x) => Half * x; static double Half => 1 / 2.0;",
        "static double F(double x) => Pair(x).Item1 + Pair(x).Up; static (double, double Up) Pair(double x) => (-x, Math.Abs(x));",
        "static double F(double x) { (double low, double high) = Pair(x); return high - low; } static (double, double) Pair(double x) => "
        + "(Math.Min(0, x), Math.Max(0, x));",
        "static double F(double x) => double.Max(0, x) + float.Abs((float)x);",
        "static double F(double x) => Math.Max(Math.Min(x, 1), x < 0 ? x > -1 ? x : -1 : 0);",
        "static double F(double x) => 6 * x;",
        "static double F(double x) => Math.Floor(2.5) * x + Math.Round(3.5) + Math.Truncate(-2.5) + Math.Ceiling(0.5) + Math.Sign(-3.0);",
        "static double F(double x) => Nested.Shift(x); static class Nested { private const double By = 2; public static double "
        + "Shift(double v) => v + By; }",
        "static double F(double x) { int steps = 0; if (x > 1) steps++; if (x > 2) steps++; return x - steps * 0; }",
        "static double F(double x) { int i = x > 1 ? 1 : 0; double[] from = [0, 1], slope = [1, 2]; return from[i] + slope[i] * (x - "
        + "from[i]); }",
        "static double F(double x) => (x < 0 ? 3 / 2 : 1) * x;",
        "static double F(double x) => x;",
        "static double F(double x) => 1 / (x > 0 ? 2.0 : 4.0) * x;",
        "static double F(double x) => (x - x) * x + x;",
        "static double F(double x) => Math.Pow(x, 1) + Math.Pow(x, 0) + Math.Pow(2, 3) + Math.ScaleB(x, 3);",
        "static double F(double x) => -(+(-x)) - -x;",
        "static double F(double x) => (double)(decimal)2.5 * x;",

        // Tables, and places in them.
        "static double F(double x) { double[] t = [0, 1, 4, 9]; x = Math.Clamp(x, 0, 2.5); int i = (int)x; return t[i] + (x - i) * (t[i "
        + "+ 1] - t[i]); }",
        "static double F(double x) { double[] t = [0, 1, 4, 9]; int i = Math.Clamp((int)x, 0, 2); return t[i] + (x - i) * (t[i + 1] - "
        + "t[i]); }",
        "static double F(double x) { double[] t = [0, 1, 4, 9]; int i = Math.Max(0, Math.Min(2, (int)Math.Floor(x))); return t[i] + (x - "
        + "i) * (t[i + 1] - t[i]); }",
        "static double F(double x) { double[] t = [0, 1, 4, 9]; int i = (int)x; if (i < 0) i = 0; if (i > 2) i = 2; return t[i] + (x - "
        + "i) * (t[i + 1] - t[i]); }",
        "static double F(double x) { double[] t = [0, 1, 4, 9]; if (x <= 0) return t[0]; int i = (int)x; if (i >= 3) return t[^1]; "
        + "return t[i] + (x - i) * (t[i + 1] - t[i]); }",
        "static double F(double x) { double[] t = [5, 1, 4, 9]; int i = (int)Math.Ceiling(x); i = i < 1 ? 1 : i > 3 ? 3 : i; return t[i "
        + "- 1] + (x - i + 1) * (t[i] - t[i - 1]); }",
        "static double F(double x) { double[] t = [5, 1, 4, 9]; int i = Math.Clamp(-(int)Math.Floor(-x), 1, 3); return t[i - 1] + (x - i "
        + "+ 1) * (t[i] - t[i - 1]); }",
        "static double F(double x) { double[] t = [5, 1, 4, 9]; if (x < 0) return 5; int i = Math.Min((int)x + 1, 3); return t[i - 1] + "
        + "(x - i + 1) * (t[i] - t[i - 1]); }",
        "static double F(double x) { double[] t = [0, 1, 4, 9]; int i = (int)Math.Round(Math.Clamp(x, 0.5, 2.5) - 0.5); return t[i] + (x "
        + "- i) * (t[i + 1] - t[i]); }",
        "static double F(double x) { x = Math.Clamp(x, -3, 3); return Math.Abs(x % 1) * 0 + x; }",
        "static double F(double x) => (int)x switch { < 0 => 0, 0 => x < 0 ? 0 : x, 1 => 1, _ => 1 };",
        "static double F(double x) { x = Math.Clamp(x, 0, 4); double whole = Math.Truncate(x), part = x - whole; return whole + part; }",
        "static double F(double x) { byte b = (byte)Math.Clamp(x, 0, 8); return x + b - b; }",
        "static double F(double x) { x = Math.Clamp(x, 0, 3); double r = x % 1; return r + (x - r); }",
        "static double F(double x) { double[,] t = { { 0, 0 }, { 1, 2 }, { 3, 3 } }; double y = 0; for (int i = 0; i < t.GetLength(0); "
        + "i++) y += t[i, 1] * Math.Max(0, x - t[i, 0]); return y + t.Length + t.GetLength(1); }",
        "static double F(double x) { double y = 0; foreach (double v in Grid) y += Math.Abs(x - v); return y; } static double[,] Grid => "
        + "new double[,] { { 1, 2 }, { 3, 4 } };",
        "static double F(double x) { double[][] t = [[1, 2], [3]]; return t[1][0] * x + t[0].Length; }",
        "static double F(double x) { double y = 0; foreach (var band in Bands) y += band.Rate * Math.Max(0, x - band.From); return y; } "
        + "readonly record struct Band(double From, double Rate); static Band[] Bands => [new(0, 1), new(2, 0.5)];",
        "static double F(double x) { double y = 0; foreach (var (from, rate) in Bands) y += rate * Math.Max(0, x - from); return y; } "
        + "record Band(double From, double Rate); static Band[] Bands => [new(0, 1), new(Rate: 0.5, From: 2)];",
        "static double F(double x) { double y = 0; foreach (var band in Bands) y += band.Of(x); return y; } readonly record struct "
        + "Band(double From, double To, double Rate) { public double Width => To - From; public double Of(double x) => Rate * "
        + "Math.Clamp(x - From, 0, Width); } static Band[] Bands => [new(0, 1, 2), new(2, 4, 0.5)];",
        "static double F(double x) { var b = new Band { From = 1 }; b = b with { Rate = 3 }; return b.Rate * Math.Abs(x - b.From) + new "
        + "Band().Rate; } record struct Band { public double From { get; init; } public double Rate { get; init; } = 2; public Band() { } }",
        "static double F(double x) { var b = new Band(1, 2); return b.Rate * Math.Abs(x - b.From); } readonly struct Band(double from, "
        + "double rate) { public double From => from; public double Rate { get; } = rate + 1; }",
        "static double F(double x) { var b = new Band(1); return b.Rate * Math.Abs(x - b.From); } readonly struct Band { public readonly "
        + "double From; public double Rate { get; } public Band(double from) { From = from; if (from > 0) Rate = 2 * from; } }",
        "static double F(double x) { Knot a = x < 1 ? new(0, 0) : new(1, 1), b = x < 1 ? new(1, 1) : new(3, 2); return a.Y + (x - a.X) * "
        + "((b.Y - a.Y) / (b.X - a.X)); } readonly record struct Knot(double X, double Y);",
        "static double F(double x) { double[] t = [0, 1, 3]; int i = Array.BinarySearch(t, x); if (i < 0) i = ~i - 1; i = Math.Clamp(i, "
        + "0, 1); return t[i] * 2 + (x - t[i]) * 2; }",
        "static double F(double x) { ReadOnlySpan<double> t = [0, 1, 3]; int i = t.BinarySearch(x); return i >= 0 ? t[i] : x; }",
        "static double F(double x) => Table.Sum(t => Math.Max(0, x - t)) + Table.Sum(); static double[] Table => [1, 2, 4];",
        "static double F(double x) => Knots.Zip(Slopes, (k, s) => s * Math.Max(0, x - k)).Sum(); static double[] Knots => [1, 2, 4]; "
        + "static double[] Slopes => [1, -1, 3];",
        "static double F(double x) => Knots.Zip(Slopes).Sum(t => t.Second * Math.Max(0, x - t.First)); static double[] Knots => [1, 2]; "
        + "static double[] Slopes => [1, -1];",
        "static double F(double x) => Knots.Where(k => x > k).Sum(k => x - k) + Knots.Where(k => k > 1).Count() + Knots.Select((k, i) => "
        + "i * k).Max(); static double[] Knots => [1, 2];",
        "static double F(double x) { double s = 0; foreach (double k in Knots.Where(k => x > k).Where(k => x > k + 1)) s += x - k - 1; "
        + "return s; } static double[] Knots => [1, 2];",
        "static double F(double x) { double k = 1; var q = new[] { 1.0, 2 }.Select(t => t * k * x); k = 3; return q.Sum() + q.Min() * 0; }",
        "static double F(double x) => Enumerable.Range(1, 3).Sum(i => Math.Abs(x - i)) + Enumerable.Range(0, "
        + "4).Skip(1).Take(2).Aggregate(0.0, (s, i) => s + i * x);",
        "static double F(double x) => new[] { 1.0, 3 }.Select(Half).Average() * x + new[] { 1, 2 }.Average(); static double Half(double "
        + "v) => v / 2;",
        "static double F(double x) => new[] { 1.0, 2 }.All(t => t > 0) && new[] { 1.0, 2 }.Any(t => x > t) ? x - 1 : 0;",
        "static double F(double x) { var t = new double[4]; for (int i = 0; i < t.Length; i++) t[i] = i * i; double y = 0; foreach "
        + "(double v in t) y += Math.Max(0, x - v); return y; }",
        "static double F(double x) { var t = new double[3]; t[0] = x; t[1] = Math.Max(t[0], 0); t[2] += t[1]; t[2] -= 1; t[0]++; return "
        + "t[2] + t[0]; }",
        "static double F(double x) { var t = new double[2]; if (x > 0) t[0] = x; else t[1] = -x; return t[0] + 2 * t[1]; }",
        "static double F(double x) { var t = new double[2, 2]; t[0, 1] = x; t[1, 0] = 2; t[1, 0] *= t[0, 1]; return t[1, 0] + t[0, 0]; }",
        "static double F(double x) { double[] a = [1, 2], b = a; b[0] = x; a[^1] = 3; return a[0] + b[1]; }",
        "static double F(double x) { var t = new double[4]; Span<double> s = t.AsSpan(1, 2); s[0] = x; s[1..].Fill(2); return t[1] * "
        + "t[2] + t[3]; }",
        "static double F(double x) { double[] a = [1, 2, 3]; double[] b = a[1..]; b[0] = x; return a[1] + b[0] + a[..^1].Length; }",
        "static double F(double x) { var t = new double[2]; Set(t, x); return t[0]; } static void Set(double[] t, double v) => t[0] = 2 "
        + "* v;",
        "static double F(double x) { int n = 0; var t = new double[3]; t[n++] = x; t[n] = n++; return t[0] + t[1]; }",
        "static double F(double x) { int i = x > 1 ? 1 : 0; var t = new double[2]; t[i] = x - 1; return t[0] + t[1]; }",
        "static double F(double x) { ReadOnlySpan<double> t = [1, 2, 3]; return x * t[1..][0] + t[..2].Length + t[^2..^1][0] + "
        + "t.Slice(1, 1)[0]; }",
        "static double F(double x) { double[] a = [1, 2], b = [0, .. a, 3]; return b[2] * x + b.Length; }",
        "static double F(double x) { bool[] seen = new bool[2]; seen[0] = x > 0; return seen[0] ? x : 0; }",

        // Generic methods.
        "static double F(double x) => Relu(x) + Relu(2); static T Relu<T>(T x) where T : INumber<T> => T.Max(T.Zero, x);",
        "static float F(float x) => Lerp(x, 2f, 0.5f); static T Lerp<T>(T a, T b, T t) where T : IFloatingPointIeee754<T> => a * (T.One "
        + "- t) + b * t + T.Pi - T.Pi;",
        "static double F(double x) => Ramp(x, 0.0, 2.0) + Ramp(1, 0, 2); static T Ramp<T>(T x, T from, T to) where T : INumber<T> => "
        + "(T.Clamp(x, from, to) - from) / (to - from);",
        "static double F(double x) { T Twice<T>(T v) => v; return Twice(x) + Twice(1); }",
        "static double F(double x) => Twice(x); static T Twice<T>(T v) where T : INumber<T> => T.CreateChecked(2) * Once(v); static T "
        + "Once<T>(T v) where T : INumber<T> { v += T.One; v -= T.One; return v > T.Zero ? v : -(-v); }",

        // Looks wrong, and is not.
        "static double F(double x) => (double)(decimal)x;",
        "static double F(double x) => Math.Max(x, double.NegativeInfinity) + 1 / double.PositiveInfinity;",
        "static double F(double x) => x >= 1 ? x == 1 ? 1 : x : 1;",
        "static double F(double x) => x.Half(); static double Half(this double v) => v / 2;",
        "static double F(double x) { const double limit = 1; if (x > limit) return limit; else { } return x; }",
        "static double F(double x) { x = Math.Abs(x); return x * (x > 0 ? 1.0 : 1.0) + 0 * Math.Sign(x); }",
        "static double F(double x) => Math.Exp(2 * 3) * x + Math.Sin(0);",
        "static double F(double x) => x < 0 ? Math.Exp(1) : Math.Exp(x > 5 ? 1 : 1);",
        "#if DEBUG\nstatic double F(double x) => x * x;\n#else\nstatic double F(double x) => 2 * x;\n#endif");

    /// <summary>Members of a class, of which <c>F</c> is the edge, and the mistakes.</summary>
    public static TheoryData<string, string> Flagged { get; } = new()
    {
        { "static double F(double x) => Math.Max(0, x > 1 ? {|KAN0201:x * x|} : x);", "multiplies two terms that vary with 'x'" },
        { "static double F(double x) => {|KAN0204:(int)x|} / 2;", "rounds a number that varies with 'x'" },
        { "static double F(double x) => x * {|KAN0204:Math.Floor(x)|};", "rounds a number that varies with 'x'" },
        { "static double F(double x) => x > 0 ? {|KAN0202:1 / x|} : 0;", "divides by a term that varies with 'x'" },
        { "static double F(double x) => {|KAN0203:x > 0|} ? 1 / 1.0 : 0;", "makes 'F' jump at x = 0, from 0 to 1" },
        { "static double F(double x) => 1 / {|KAN0200:Math.Cosh(x)|};", "is not piecewise linear in 'x'" },
        { "static double F(double x) => {|KAN0209:x / (x > 0 ? 1 : 0)|};", "divides by zero for x <= 0" },
        { "static double F(double x) { Func<double, double> f = {|KAN0207:y => y|}; return f(x); }", "is a delegate" },
        { "static double F(double x) => {|KAN0207:Box<double>.Twice(x)|}; static class Box<T> { public static T Twice(T v) => v; }",
            "move the type parameters to the method" },
        { "static double F(double x) { double y = x; Change({|KAN0206:ref y|}); return y; } static void Change(ref double v) => v = 1;",
            "is passed by reference" },
        { "static double F(double x) { Split(x, {|KAN0206:out double y|}); return y; } static void Split(double v, out double w) => w = v;",
            "is passed by reference" },
        { "static double F(double x) { ref double {|KAN0207:y = ref x|}; return y; }", "is a reference to a variable" },
        { "static double F(double x) => x > 0 ? x : {|KAN0209:throw new Exception()|};", "throws for x <= 0" },
        { "static double F(double x) { if (x < 0) {|KAN0209:throw new ArgumentOutOfRangeException(nameof(x));|} return x; }",
            "throws for x < 0" },
        { "static double F(double x) { {|KAN0207:try { return x; } finally { }|} }", "is a try statement" },
        { "static double F(double x) { {|KAN0207:start: if (x < 0) return 0;|} goto start; }", "is a jump" },
        { "static double F(double x) => x switch { {|KAN0203:< 0|} => 0, < 1 => 1, _ => x };", "makes 'F' jump at x = 0, from 0 to 1" },
        { "static double F(double x) => {|KAN0207:double.Parse(\"1\")|} * x;", "calls 'Parse'" },
        { "static double F(double x) => {|KAN0207:x.ToString()|}.Length;", "calls an instance method" },
        { "static double F(double x) => {|KAN0207:BitConverter.DoubleToInt64Bits(x)|} > 0 ? x : 0;",
            "calls 'DoubleToInt64Bits', whose code is not in this project" },
        { "static double F(double x) => {|KAN0207:Math.BitIncrement(x)|};", "calls 'BitIncrement'" },
        { "static double F(double x) => {|KAN0207:Math.ILogB(x)|};", "calls 'ILogB'" },
        { "static double F(double x) => {|KAN0204:Math.IEEERemainder(x, 2)|};", "rounds a number that varies with 'x'" },
        { "static double F(double x) => {|KAN0204:Math.Round(x, 2)|};", "rounds a number that varies with 'x'" },
        { "static double F(double x) => {|KAN0207:Math.MaxMagnitude(x, 1)|};", "calls 'MaxMagnitude'" },
        { "static double F(double x) => {|KAN0200:Math.Cbrt(x)|} + {|KAN0200:Math.Atan2(x, 1)|};", "is not piecewise linear in 'x'" },
        { "static double F(double x) => Fold(x, 3); static double Fold(double v, int n) => n == 0 ? v : {|KAN0208:Fold(Math.Abs(v) - 1, "
            + "n - 1)|};", "calls a method that is already being compiled, Fold -> Fold" },
        { "static double F(double x) { for (int i = 0; {|KAN0205:i < x|}; i++) { } return x; }", "repeats its loop more than 128 times" },
        { "static double F(double x) { int n = 0; while ({|KAN0205:n < 5000|}) n++; return x * n; }",
            "repeats its loop more than 1000 times" },
        { "static double F(double x) { {|KAN0207:Console.WriteLine(x)|}; return x; }",
            "calls 'WriteLine', whose code is not in this project" },
        { "static double F(double x) => x + {|KAN0207:DateTime.Now.Second|};", "is a member of an object" },
        { "static double s_t; static double F(double x) { {|KAN0206:s_t = x|}; return x; }", "changes 's_t'" },
        { "static double F(double x) { {|KAN0206:Table[0] = x|}; return x; } static readonly double[] Table = [1, 2];",
            "changes an element of a list that this function does not own alone" },
        { "static double F(double x) { double[] a = [0, 1], b = [2, 3], c = x > 0 ? a : b; {|KAN0206:a[0] = x|}; return c[1]; }",
            "changes an element of a list that this function does not own alone" },
        { "static double F(double x) { var t = new double[3]; {|KAN0209:t[3] = x|}; return t[0]; }", "is outside the list for every x" },
        { "static double F(double x) { var t = new double[3]; t[{|KAN0204:(int)x|}] = 1; return t[0]; }",
            "rounds a number that varies with 'x' and has no bounds" },
        { "static double F(double x) { var t = new double[{|KAN0204:(int)x|}]; return x; }",
            "rounds a number that varies with 'x' and has no bounds" },
        { "static double F(double x) { var t = {|KAN0212:new double[100_000]|}; return x; }", "more than 4096 elements of an array" },
        { "static double F(double x) { int i = (int)Math.Clamp(x, 0, 3), j = Math.Max({|KAN0204:(int)x|}, 0); double[] t = [1, 2, 3, 4]; "
            + "return t[i] + t[j]; }", "bound it first with Math.Clamp" },
        { "static double F(double x) => {|KAN0212:(int)Math.Clamp(x, 0, 5000)|};", "more than 1024 breakpoints" },
        { "static double F(double x) => x - {|KAN0203:Math.Floor(Math.Clamp(x, 0, 2))|};", "makes 'F' jump at x = 1, from 1 to 0" },
        { "static double F(double x) { int i = Array.BinarySearch({|KAN0209:T|}, x); return i * 0; } static double[] T => [1, 3, 2];",
            "does not increase at index 2" },
        { "static double F(double x) { {|KAN0209:ArgumentOutOfRangeException.ThrowIfNegative(-1.0)|}; return x; }", "throws for every x" },
        { "static double F(double x) { if (x > 1) {|KAN0209:ArgumentOutOfRangeException.ThrowIfLessThan(x, 2)|}; return x; }",
            "throws for 1 < x < 2" },
        { "static double F(double x) => {|KAN0207:new[] { 1.0, 2 }.Where(t => x > t).Max()|};", "use Sum or Count after Where" },
        { "static double F(double x) { var q = new[] { 1.0 }.Select(t => t * x); {|KAN0207:q = new[] { 2.0 }.Select(t => t)|}; return "
            + "q.Sum(); }", "keeps a query" },
        { "static double F(double x) { int n = int.MaxValue; {|KAN0209:n++|}; return x + n; }", "overflows int for every x" },
        { "static double F(double x) { byte b = 250; {|KAN0209:b += 10|}; return x * b; }", "overflows byte for every x" },
        { "static double F(double x) => {|KAN0209:x > 0 ? double.PositiveInfinity : 0|};", "is infinite for x > 0" },
        { "static double F(double x) => {|KAN0209:double.NaN|};", "is not a number" },
        { "static double F(double x) => {|KAN0209:x * double.PositiveInfinity|};", "has no finite value for every x" },
        { "static double F(double x) => {|KAN0209:Math.Sqrt(-1)|} * x;", "has no finite value for every x" },
        { "static double F(double x) => {|KAN0203:Math.Sign(x)|} + 1;", "makes 'F' jump at x = 0, from 0 to 2" },
        { "static double F(double x) => {|KAN0203:Math.CopySign(1, x)|};", "makes 'F' jump at x = 0, from -1 to 1" },
        { "static double F(double x) => {|KAN0203:x == 1|} ? 5 : x;", "makes 'F' jump at x = 1, where it is 5 between 1 on both sides" },
        { "static double F(double x) { string s = {|KAN0207:\"a\"|}; return x + s.Length; }", "is a string" },
        { "static double F(double x) => {|KAN0207:new Random(1).NextDouble()|} * x;", "calls an instance method" },
        { "static double F(double x) { double? y = {|KAN0207:x|}; return {|KAN0207:y ?? 0|}; }", "is converted to 'double?'" },
        { "static double F(double x) { object o = {|KAN0207:x|}; return (double)o; }", "is converted to 'object'" },
        { "static double F(double x) { dynamic d = {|KAN0207:x|}; return d; }", "is converted to 'dynamic'" },
        { "static double F(double x) { int i = {|KAN0203:(int)Math.Clamp(x, 0, 3)|}; double[] t = [1, 2, 3, 4]; return t[i]; }",
            "makes 'F' jump at x = 1, from 1 to 2" },
        { "static double F(double x) => {|KAN0209:Math.Clamp(x, 1, 0)|};", "has its lower bound above its upper bound for every x" },
        { "static async System.Threading.Tasks.Task<double> G(double x) => x; static double F(double x) => {|KAN0207:G(x).Result|};",
            "is a member of an object" },
        { "static double F(double x) => {|KAN0207:Math.DivRem(7, 2)|}.Quotient * x;", "calls 'DivRem'" },
        { "static double F(double x) { {|KAN0207:lock (typeof(int)) return x;|} }", "is a lock" },
        { "static double F(double x) { {|KAN0207:using var t = new System.IO.MemoryStream();|} return x; }", "is a using statement" },
        { "static double F(double x) => {|KAN0207:(x, 1) == (1, 1)|} ? 1 : x;", "is a comparison of tuples" },
        { "static double F(double x) => {|KAN0207:x.Equals(1.0)|} ? 1 : x;", "calls an instance method" },
        { "static double F(double x) => {|KAN0210:Table|}[1] * x; static readonly double[] Table = [1, 2];",
            "is compiled into the edge with the value of its initializer" },
        { "static double F(double x) => {|KAN0207:new Exception().HResult|} * x;", "use a field of a record struct or a tuple" },
        { "static double F(double x) => {|KAN0207:new Square(x)|}.Area; class Shape { public double Area; } class Square : Shape { "
            + "public Square(double a) { Area = a; } }", "use a record struct or a tuple of numbers" },
        { "static double F(double x) => {|KAN0204:x % 2|} == 0 ? x : x;", "rounds a number that varies with 'x'" },
        { "static double F(double x) => {|KAN0201:x * (x > 0 ? 1 : x)|};", "multiplies two terms that vary with 'x'" },
        { "static double F(double x) => Enumerable(x); static double Enumerable(double v) { double s = 0; foreach (var i in Items()) s "
            + "+= i; return s + v; } static IEnumerable<int> Items() { {|KAN0207:yield return 1;|} }", "is an iterator" },
        { "static double F(double x) => x * {|KAN0207:nameof(F)|}.Length;", "is a string" },
        { "static double F(double x) => x is {|KAN0209:double.NaN|} ? 0 : x;", "is not a number" },
        { "static double F(double x) => {|KAN0207:x.CompareTo(1)|} > 0 ? x : 1;", "calls an instance method" },
        { "static double F(double x) { Span<double> t = {|KAN0207:stackalloc double[] { 1, 2 }|}; return x * t[0]; }",
            "is a stack allocation or pointer" },
        { "static double F(double x) { ReadOnlySpan<double> t = [1, 2]; return x * {|KAN0209:t[1..4]|}[0]; }",
            "is outside the list for every x" },
        { "static double F(double x) { int n = x > 1 ? 1 : 0; ReadOnlySpan<double> t = [1, 2]; return x * t[{|KAN0207:n..|}][0]; }",
            "is a range that varies" },
        { "static double F(double x) { double[] t = [1, 2]; return x * {|KAN0209:t[2]|}; }", "is outside the list for every x" },
        { "static double F(double x) { int i = x > 1 ? 2 : 0; double[] t = [1, 2]; return {|KAN0209:t[i]|}; }",
            "is outside the list for x > 1" },
        { "static double F(double x) => {|KAN0207:new Money(x) + 1|}; readonly struct Money(double v) { public static double operator "
            + "+(Money a, double b) => b; }", "is a user-defined operator" },
        { "static double F(double x) => Number.Cube(x); interface Number { static double Cube(double v) => {|KAN0201:v * v|} * v; }",
            "multiplies two terms that vary with 'x'" },
        { "static double F(double x) => Times(x, x); static T Times<T>(T a, T b) where T : INumber<T> => {|KAN0201:a * b|};",
            "multiplies two terms that vary with 'x'" },
        { "static double F(double x) => {|KAN0201:(x + 1) * (x + 1)|} - {|KAN0201:x * x|};", "multiplies two terms that vary with 'x'" },
        { "static double F(double x) => {|KAN0203:x < 1e300|} ? x * 1e300 : 0;", "makes 'F' jump at x = 1E+300, from Infinity to 0" },
        { "static double F(double x) => 0.1 + 0.2 == 0.3 ? x : {|KAN0200:Math.Exp(x)|};", "is not piecewise linear in 'x'" },
        { "static double F(double x) => x > double.MaxValue ? {|KAN0200:Math.Exp(x)|} : x;", "is not piecewise linear in 'x'" },
        { "static double F(double x) { int n = {|KAN0204:(int)x|}; return n; }", "rounds a number that varies with 'x'" },
        { "static double F(double x) { var list = {|KAN0207:new List<double> { 1, 2 }|}; return x + list[0]; }", "is an object" },
        { "static double F(double x) { double sum = 0; foreach (var t in {|KAN0207:new List<double> { 1, 2 }|}) sum += t; return x + sum; }", "is an object" },
        { "static double F(double x) => Edge(x); static double Edge(double v) => {|KAN0206:Other.Value|} * v; static class Other { "
            + "public static double Value { get; set; } = 2; }", "reads a property that may change" },
        { "static double F(double x) => {|KAN0202:Math.Abs(x) / Math.Abs(x)|};", "divides by a term that varies with 'x'" },
        { "static double F(double x) => x >= 0 ? Math.Sqrt({|KAN0201:x * x|}) : -x;", "multiplies two terms that vary with 'x'" },
        { "static double F(double x) => Math.Log({|KAN0200:Math.Exp(x)|});", "is not piecewise linear in 'x'" },
        { "static double F(double x) => {|KAN0200:Math.Pow(Math.Max(x, 0), 2)|} + 1;", "is not piecewise linear in 'x'" },
        { "static double F(double x) => ({|KAN0203:x >= 0|} && {|KAN0203:x <= 10|}) ? x : -1;", "makes 'F' jump at x = 0, from -1 to 0" },
        { "static double F(double x) => Math.Min(5, x) + ({|KAN0203:x > 5|} ? 0.0000001 : 0);",
            "makes 'F' jump at x = 5, from 5 to 5.0000001" },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void What_compiles_is_what_running_it_gives(string members) => Snippets.AssertSame(members);

    [Theory]
    [MemberData(nameof(Flagged))]
    public void What_does_not_is_flagged_at_its_part(string marked, string fact) => Snippets.AssertFlagged(marked, fact);
}
