using Xunit;

namespace Kan.Generators.Tests.Functions;

/// <summary>Code that is not compiled into an edge: what the message says it is, and which form works.</summary>
public sealed class RefusedCodeTests
{
    private const string UseStruct = "use a record struct or a tuple of numbers", NumbersOnly = "compute with numbers only",
        NotNull = "use numbers that cannot be null", Plain = "use arithmetic, conditions, local variables and loops",
        OneValue = "use a constant: an edge has one value for each input", InNumbers = "apply the operator to the numbers in it",
        OtherCode = "whose code is not in this project", Static = "call static methods of this project, or those of Math",
        Money = " readonly struct Money(double v) { public static double operator -(Money m) => 1; public static Money operator "
            + "+(Money m, int n) => m; public static Money operator ++(Money m) => m; public static explicit operator double(Money m) "
            + "=> 1; }";

    /// <summary>The body of an edge and what stands beside it, what the marked code is, and the remedy.</summary>
    public static TheoryData<string, string, string> Operations { get; } = new()
    {
        { "{ var t = {|KAN0207:new List<double>()|}; return x; }", "is an object", "use an array" },
        { "=> {|KAN0207:new Dictionary<int, double>()|}.Count * x;", "is an object", "use an array" },
        { "=> {|KAN0207:new HashSet<double>()|}.Count * x;", "is an object", "use an array" },
        { "{ var r = {|KAN0207:new Random(1)|}; return x; }", "is an object", OneValue },
        { "{ var t = {|KAN0207:new { A = x }|}; return x; }", "is an object", UseStruct },
        { "=> New<double>() + x; static T New<T>() where T : new() => {|KAN0207:new T()|};", "is an object", UseStruct },
        { "{ Func<double, double> f = {|KAN0207:y => y|}; return x; }", "is a delegate",
            "write a static method or a local function, and call it by its name" },
        { "{ Func<double, double> f = {|KAN0207:Twice|}; return x; } static double Twice(double v) => 2 * v;", "is a delegate",
            "write a static method or a local function, and call it by its name" },
        { "=> new[] { 1.0 }.Select({|KAN0207:Math.Sqrt|}).Sum() * x;", "is a delegate",
            "write a static method or a local function, and call it by its name" },
        { "=> new[] { 1.0 }.Select({|KAN0207:async t => t|}).Count() * x;", "is a delegate",
            "write a static method or a local function, and call it by its name" },
        { "{ string s = {|KAN0207:$\"{x}\"|}; return x; }", "is a string", NumbersOnly },
        { "{ string s = {|KAN0207:\"a\"|}; return x; }", "is a string", NumbersOnly },
        { "{ string s = {|KAN0207:nameof(x)|}; return x; }", "is a string", NumbersOnly },
        { "{ var t = {|KAN0207:new string[2]|}; return x; }", "is an array without an initializer", Plain },
        { "{ var t = {|KAN0207:new (double, string)[2]|}; return x; }", "is an array without an initializer", Plain },
        { "{ var t = {|KAN0207:new DateTime[2]|}; return x; }", "is an array without an initializer", Plain },
        { "=> {|KAN0207:(double?)x ?? 1|};", "is a null check", NotNull },
        { "{ int? n = {|KAN0207:\"a\"?.Length|}; return x; }", "is a null check", NotNull },
        { "{ {|KAN0207:try { return x; } finally { }|} }", "is a try statement", "test for the case with if" },
        { "{ {|KAN0207:using (var t = new System.IO.MemoryStream()) return x;|} }", "is a using statement", NumbersOnly },
        { "{ {|KAN0207:using var t = new System.IO.MemoryStream();|} return x; }", "is a using statement", NumbersOnly },
        { "{ {|KAN0207:lock (typeof(int)) return x;|} }", "is a lock", NumbersOnly },
        { "{ {|KAN0207:start: if (x < 0) return 0;|} goto start; }", "is a jump", "write a loop with break or continue" },
        { "{ {|KAN0207:goto end;|} end: return x; }", "is a jump", "write a loop with break or continue" },
        { "{ double[] t = [{|KAN0207:.. new[] { 1.0 }.Select(t => t)|}]; return x; }", "is a spread element", "spread an array or a span" },
        { "=> new[] { x } is {|KAN0207:[> 0]|} ? 1 : x;", "is a pattern other than a comparison of numbers",
            "compare numbers: is > 0 and < 5" },
        { "{ Type t = {|KAN0207:typeof(double)|}; return x; }", "is a type check", NumbersOnly },
        { "{ object o = {|KAN0207:x|}; return {|KAN0207:o is double|} ? x : 1; }", "is a type check", NumbersOnly },
        { "=> {|KAN0207:(double)new Money(x)|};" + Money, "is a user-defined conversion", InNumbers },
        { "=> {|KAN0207:new Euro(x)|}; readonly struct Euro(double v) { public static implicit operator double(Euro e) => 1; }",
            "is a user-defined conversion", InNumbers },
        { "{ Index i = {|KAN0207:1|}; return x; }", "is a user-defined conversion", InNumbers },
        { "=> {|KAN0207:-new Money(x)|};" + Money, "is a user-defined operator", InNumbers },
        { "{ var m = {|KAN0207:new Money(x) + 1|}; return x; }" + Money, "is a user-defined operator", InNumbers },
        { "{ var m = new Money(x); {|KAN0207:m += 1|}; return x; }" + Money, "is a user-defined operator", InNumbers },
        { "{ var m = new Money(x); {|KAN0207:m++|}; return x; }" + Money, "is a user-defined operator", InNumbers },
        { "{ double? z = {|KAN0207:default(double?) + x|}; return x; }", "is a nullable number", NotNull },
        { "{ double? z = {|KAN0207:-default(double?)|}; return x; }", "is a nullable number", NotNull },
        { "{ double? z = {|KAN0207:default|}; {|KAN0207:z += x|}; return x; }", "is a nullable number", NotNull },
        { "{ double? z = {|KAN0207:default|}; {|KAN0207:z++|}; return x; }", "is a nullable number", NotNull },
        { "{ double? z = {|KAN0207:x|}; return x; }", "is converted to 'double?'",
            "declare it as double, with a number that stands for what is missing" },
        { "{ object o = {|KAN0207:x|}; return x; }", "is converted to 'object'", "declare it as double" },
        { "{ object o = {|KAN0207:x > 1|}; return x; }", "is converted to 'object'", "declare it as bool" },
        { "{ dynamic d = {|KAN0207:x|}; return x; }", "is converted to 'dynamic'", "declare it as double" },
        { "{ dynamic d = {|KAN0207:x|}; var y = {|KAN0207:d.A|}; return x; }", "is dynamic", "declare it as double" },
        { "{ dynamic d = {|KAN0207:x|}; var y = {|KAN0207:d(1)|}; return x; }", "is dynamic", "declare it as double" },
        { "=> {|KAN0207:(x, 1) == (1, 1)|} ? 1 : x;", "is a comparison of tuples", "compare the numbers in the tuples one by one" },
        { "{ ref double {|KAN0207:y = ref x|}; return x; }", "is a reference to a variable", "copy the value: leave out ref" },
        { "{ foreach (var i in Items()) x += i; return x; } static IEnumerable<int> Items() { {|KAN0207:yield return 1;|} }",
            "is an iterator", "fill an array and return it" },
        { "{ foreach (var i in Items()) x += i; return x; } static IEnumerable<int> Items() { {|KAN0207:yield break;|} }",
            "is an iterator", "fill an array and return it" },
        { "=> x + {|KAN0207:DateTime.Now.Second|};", "is a member of an object", "use a field of a record struct or a tuple" },
        { "{ Range r = {|KAN0207:1..2|}; return x; }", "is a range", Plain },
        { "{ Span<double> t = {|KAN0207:stackalloc double[2]|}; return x; }", "is a stack allocation or pointer",
            "allocate an array: new double[n]" },
        { "{ {|KAN0207:Changed += null|}; return x; } static event Action Changed;", "is an event", NumbersOnly },
        { "{ var e = {|KAN0207:Changed|}; return x; } static event Action Changed;", "is an event", NumbersOnly },
        { "{ string s = {|KAN0207:default|}; return x; }", "is not arithmetic", Plain },
        { "=> new double[2, 2].GetLength(0) + {|KAN0207:new double[2, 2].GetLength(2)|} + x;", "is not arithmetic", Plain },
        { "{ {|KAN0207:var (a, b) = new Pair()|}; return x; } struct Pair { public void Deconstruct(out int a, out int b) => a = b = 1; }",
            "is not arithmetic", Plain },
        { "=> {|KAN0207:new Row()[^1]|} + x; struct Row { public int Length => 1; public double this[int i] => i; }",
            "is not arithmetic", Plain },
        { "=> {|KAN0207:new Row()[0..1]|} + x; struct Row { public int Length => 1; public double Slice(int a, int b) => a + b; }",
            "is not arithmetic", Plain },
        { "=> {|KAN0207:new Row()[1]|} + x; struct Row { public double this[int i] => i; }", "is a member of an object",
            "use a field of a record struct or a tuple" },
        { "{ foreach (double v in {|KAN0207:new Bag()|}) x += v; return x; } struct Bag { public IEnumerator<double> GetEnumerator() => "
            + "null!; }", "is not a list of constant length", "loop over an array, a span or a counter" },
        { "{ double[] a = {|KAN0207:x > 0 ? [1] : [1, 2]|}; return x; }", "chooses between values of different kinds",
            "choose between numbers" },
    };

    /// <summary>The body of an edge and what stands beside it, what is wrong with the marked call, and the remedy.</summary>
    public static TheoryData<string, string, string> Calls { get; } = new()
    {
        { "=> {|KAN0207:Random.Shared.NextDouble()|} * x;", "calls an instance method", OneValue },
        { "{ {|KAN0207:Console.WriteLine(x)|}; return x; }", "calls 'WriteLine', " + OtherCode, "leave it out: an edge is not run" },
        { "{ {|KAN0207:System.Diagnostics.Debugger.Break()|}; return x; }", "calls 'Break', " + OtherCode,
            "leave it out: an edge is not run" },
        { "=> {|KAN0207:double.Parse(\"1\")|} * x;", "calls 'Parse'", "write the number itself" },
        { "=> {|KAN0207:double.TryParse(\"1\", out double y)|} ? x : 1;", "calls 'TryParse'", "write the number itself" },
        { "=> {|KAN0207:x.CompareTo(1)|} > 0 ? x : 1;", "calls an instance method", "compare with <, > or ==" },
        { "=> {|KAN0207:x.Equals(1.0)|} ? 1 : x;", "calls an instance method", "compare with <, > or ==" },
        { "=> {|KAN0207:Math.MaxMagnitude(x, 1)|};", "calls 'MaxMagnitude'", "compare Math.Abs of both" },
        { "=> {|KAN0207:MathF.MinMagnitude((float)x, 1)|};", "calls 'MinMagnitude'", "compare Math.Abs of both" },
        { "=> {|KAN0207:double.MinMagnitude(x, 1)|};", "calls 'MinMagnitude'", "compare Math.Abs of both" },
        { "=> {|KAN0207:float.MaxMagnitude((float)x, 1)|};", "calls 'MaxMagnitude'", "compare Math.Abs of both" },
        { "=> {|KAN0207:new[] { 1.0, 2 }.Order()|}.Count() * x;", "calls 'Order'",
            "use Sum, Zip, Select, Where, Min or Max, or write a foreach loop" },
        { "=> {|KAN0207:Enumerable.Repeat(1.0, 3)|}.Sum() * x;", "calls 'Repeat'",
            "use Sum, Zip, Select, Where, Min or Max, or write a foreach loop" },
        { "=> {|KAN0207:new[] { 1.0 }.Take(5000)|}.Sum() * x;", "calls 'Take'",
            "use Sum, Zip, Select, Where, Min or Max, or write a foreach loop" },
        { "{ double[] t = [2, 1]; {|KAN0207:Array.Sort(t)|}; return x; }", "calls 'Sort', " + OtherCode, "write a loop over the elements" },
        { "{ double[] t = [2, 1]; {|KAN0207:Array.Fill(t, x, 0, 1)|}; return x; }", "calls 'Fill'", "write a loop over the elements" },
        { "=> {|KAN0207:Comparer<double>.Default.Compare(x, 1)|} > 0 ? 1 : x;", "calls an instance method",
            "write a loop over the elements" },
        { "=> {|KAN0207:x.ToString()|}.Length;", "calls an instance method", NumbersOnly },
        { "{ var t = {|KAN0207:Later(x)|}; return x; } static async System.Threading.Tasks.Task<double> Later(double v) => v;",
            "calls an async method", "make it a method that returns a number" },
        { "{ var t = {|KAN0207:Later(x)|}; return x; async System.Threading.Tasks.Task<double> Later(double v) => v; }", "is async",
            "make it a method that returns a number" },
        { "=> {|KAN0207:new Shape().Area()|} + x; class Shape { public virtual double Area() => 1; }", "calls a virtual method",
            "call a static method that has code" },
        { "=> Of<Disc>(x); static double Of<T>(double v) where T : IShape => {|KAN0207:T.Area(v)|}; interface IShape { static abstract "
            + "double Area(double v); } struct Disc : IShape { public static double Area(double v) => v; }", "calls a virtual method",
            "call a static method that has code" },
        { "=> {|KAN0207:Box<double>.Twice(x)|}; static class Box<T> { public static T Twice(T v) => v; }",
            "calls a method of a generic type", "move the type parameters to the method, or write it for double" },
        { "=> {|KAN0207:new Helper().Of(x)|}; class Base { } class Helper : Base { public double Of(double v) => v; }",
            "calls an instance method", "make it static and pass the numbers to it" },
        { "=> {|KAN0207:BitConverter.DoubleToInt64Bits(x)|} > 0 ? x : 0;", "calls 'DoubleToInt64Bits', " + OtherCode, Static },
        { "=> {|KAN0207:x.GetHashCode()|};", "calls an instance method", Static },
        { "=> {|KAN0207:Other(x)|}; [System.Runtime.InteropServices.DllImport(\"m\")] static extern double Other(double v);",
            "calls 'Other', " + OtherCode, Static },
        { "{ {|KAN0207:ArgumentOutOfRangeException.ThrowIfZero(BigInteger.One)|}; return x; }", "calls 'ThrowIfZero'", Static },
        { "{ {|KAN0207:ArgumentOutOfRangeException.ThrowIfEqual(\"a\", \"b\")|}; return x; }", "calls 'ThrowIfEqual'", Static },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_that_is_not_compiled_says_what_it_is(string body, string fact, string remedy) =>
        Snippets.AssertSays("static double F(double x) " + body, fact, remedy);

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_that_is_not_compiled_says_what_it_calls(string body, string fact, string remedy) =>
        Snippets.AssertSays("static double F(double x) " + body, fact, remedy);

    /// <summary>What is made of code that is flagged is not flagged again.</summary>
    [Theory]
    [InlineData("double[] t = {|KAN0207:new List<double>().ToArray()|}; return x + t[0] + t[0..1][0] + t.GetLength(0) + t.Length;")]
    [InlineData("string s = {|KAN0207:\"abc\"|}; return x + s[0] + s[1..].Length + s.AsSpan().Length;")]
    [InlineData("var t = {|KAN0207:new List<double>()|}; double[] u = [.. t, 2]; foreach (double v in u) x += v; return x;")]
    [InlineData("double[] t = [1, 2]; Array.Fill(t, {|KAN0200:Math.Exp(x)|}); return t[0];")]
    [InlineData("double[] t = [1, 2]; return Array.BinarySearch(t, {|KAN0200:Math.Exp(x)|});")]
    [InlineData("double[] t = [1, 2]; t[{|KAN0204:(int)x|}] += 1; t[{|KAN0204:(int)x|}]++; return t[0];")]
    [InlineData("double[] t = [1, 2]; return t[(int){|KAN0200:Math.Exp(x)|}];")]
    [InlineData("var (a, b) = {|KAN0207:Tuple.Create(x, 1.0)|}; return x;")]
    [InlineData("double[] t = {|KAN0207:new List<double>().ToArray()|}; Array.Fill(t, 1); return x;")]
    [InlineData("(var a, var b) = ({|KAN0200:Math.Exp(x)|}, 2.0); return a + b;")]
    [InlineData("return Math.Pow({|KAN0200:Math.Exp(x)|}, 2) + Math.Max({|KAN0200:Math.Sin(x)|}, 1) + Math.ScaleB(2, {|KAN0204:(int)x|});")]
    [InlineData("return new[] { 1.0 }.Zip({|KAN0207:new List<double>()|}).Count() * x;")]
    [InlineData("Func<double, double> f = {|KAN0207:y => y|}; return f(x);")]
    public void A_mistake_is_reported_once(string body) => Snippets.AssertFlagged("static double F(double x) { " + body + " }", "'");
}
