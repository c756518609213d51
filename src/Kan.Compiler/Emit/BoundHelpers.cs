namespace Kan.Compiler.Emit;

/// <summary>Prints what the layers of a bound share.</summary>
/// <param name="writer">What is printed to.</param>
/// <param name="type"><c>float</c> or <c>double</c>.</param>
/// <param name="math">The class of its functions.</param>
/// <param name="lanes">Lanes of a panel.</param>
internal sealed class BoundHelpers(CodeWriter writer, string type, string math, int lanes)
{
    /// <summary>Vectors whose sums are in registers together.</summary>
    private const int Block = 8;

    private const string Numerics = "global::System.Numerics.Vector";

    private string Vector => Any.Type;

    /// <summary>Vectors of whatever width.</summary>
    private BoundVectors Any => BoundVectors.Any(type);

    /// <summary>Vectors of a whole panel.</summary>
    private BoundVectors Wide => BoundVectors.Wide(type);

    /// <summary>Prints the test of the inputs.</summary>
    public void EmitAreFinite()
    {
        writer.Line($"""

            /// <summary>Whether all of some numbers are finite.</summary>
            {KernelNames.Optimize}
            """);
        using var method = writer.Kernel($"private static bool AreFinite(ref {type} x, int count)");
        writer.Line($"""
            int i = 0;
            bool areFinite = true;
            {Vector} most = new({type}.MaxValue);
            for (; i + {Vector}.Count <= count; i += {Vector}.Count)
                areFinite &= {Numerics}.LessThanOrEqualAll({Numerics}.Abs({Load("x", "i")}), most);
            for (; i < count; i++) areFinite &= {type}.IsFinite(At(ref x, i));
            return areFinite;
            """);
    }

    /// <summary>Prints the weighing of rows.</summary>
    public void EmitWeigh()
    {
        writer.Line();
        writer.Prose("/// ", "<summary>Adds to each sum the magnitudes of the numbers of some rows, each row times its factor.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static void Weigh(ref {type} table, int stride, ref int rows, ref {type} factors, int "
            + $"count, ref {type} sums, int width)");
        writer.Line("int q = 0;");
        using (writer.Braces($"if ({Wide.IsFast})"))
        {
            writer.Line($"for (; q + {Block / 2 * lanes} <= width; q += {Block / 2 * lanes})");
            EmitBlock(Wide, Literal.Integer(lanes), Block / 2);
            writer.Line();
            writer.Line($"for (; q < width; q += {lanes})");
            EmitBlock(Wide, Literal.Integer(lanes), 1);
            writer.Line();
            writer.Line("return;");
        }

        writer.Line();
        writer.Line($"int lanes = {Vector}.Count;");
        writer.Line($"for (; q + {Block - 1} * lanes < width; q += {Block} * lanes)");
        EmitBlock(Any, "lanes", Block);
        writer.Line();
        writer.Line("for (; q < width; q += lanes)");
        EmitBlock(Any, "lanes", 1);
    }

    /// <summary>Prints what makes bounds of sums.</summary>
    public void EmitFinish()
    {
        writer.Line();
        writer.Prose("/// ", "<summary>Adds what biases round, makes up for what was rounded here, and tells whether all are small "
            + "enough.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static bool Finish(ref {type} biases, {type} ofBias, {type} inflation, {type} floor, "
            + $"ref {type} sums, int width)");
        writer.Line($$"""
            {{Vector}} factor = new(ofBias), larger = new(inflation), least = new(floor);
            for (int q = 0; q < width; q += {{Vector}}.Count)
            {
                {{Vector}} sum = {{Load("sums", "q")}} + {{Numerics}}.Abs({{Load("biases", "q")}}) * factor;
                {{Store("sum * larger + least", "q")}}
            }
            """);
        EmitSmallEnough();
    }

    /// <summary>Prints the sums of rows, once more, and what is rounded in them.</summary>
    /// <param name="sums">The partial sums.</param>
    public void EmitRows(int sums)
    {
        string count = Literal.Integer(sums);
        writer.Line();
        string noun = sums == 1 ? "the sum" : count + " partial sums";
        writer.Prose("/// ", $"<summary>Adds the lines of some inputs to {noun} of each output, and the sizes of the lines, of all that "
            + "the sums are, and of the slopes times what their inputs are off.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void AddRows{count}(ref {type} table, ref int rows, ref {type} factors, int count, ref "
            + $"{type} sums, int width, int stride)"))
        {
            using (writer.Braces($"if ({Wide.IsFast})"))
            {
                EmitLines(Wide, Literal.Integer(lanes));
                writer.Line("return;");
            }

            writer.Line();
            EmitLines(Any, $"{Vector}.Count");
        }

        writer.Line();
        writer.Prose("/// ", "<summary>Combines the partial sums, makes bounds of what was rounded, and tells whether all are small "
            + "enough.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static bool FinishRows{count}(ref {type} biases, {type} inflation, {type} floor, ref {type} "
            + "sums, int width, int stride)"))
        {
            writer.Line($"{Vector} two = new(2), unit = new(Unit), larger = new(inflation), least = new(floor);");
            using (writer.Braces($"for (int q = 0; q < width; q += {Vector}.Count)"))
            {
                writer.Line($"{Vector} partial = {Load("sums", "3 * stride + q")};");
                for (int k = 0; k < sums; k++) writer.Line($"{Vector} s{k} = {Load("sums", $"{4 + k} * stride + q")};");
                foreach (var addition in SumTree.Additions(sums))
                {
                    writer.Line($"s{addition.To} += s{addition.From};");
                    writer.Line($"partial += {Numerics}.Abs(s{addition.To});");
                }

                writer.Line($"""
                    {Vector} rounded = (two * {Load("sums", "2 * stride + q")} + partial + {Numerics}.Abs({Load("biases", "q")})) * unit;
                    {Vector} error = {Load("sums", "q")} + {Load("sums", "stride + q")} + rounded;
                    {Store("error * larger + least", "q")}
                    """);
            }

            EmitSmallEnough();
        }

        void EmitLines(BoundVectors vectors, string width)
        {
            using var loop = writer.Braces($"for (int q = 0; q < width; q += {width})");
            writer.Line($"""
                ref {type} panel = ref At(ref table, q / {lanes} * {2 * lanes} + q % {lanes});
                {vectors.Type} weighed = {vectors.Load("sums", "q")};
                {vectors.Type} lines = {vectors.Load("sums", "2 * stride + q")};
                {vectors.Type} partial = {vectors.Load("sums", "3 * stride + q")};
                """);
            for (int k = 0; k < sums; k++) writer.Line($"{vectors.Type} s{k} = {vectors.Load("sums", $"{4 + k} * stride + q")};");
            writer.Line("int i = 0;");
            using (writer.Braces($"for (; i + {sums - 1} < count; i += {count})"))
            {
                for (int k = 0; k < sums; k++) EmitLine(vectors, k);
            }

            writer.Line();
            for (int k = 0; k + 1 < sums; k++)
            {
                using (writer.Braces($"if (i + {k} < count)")) EmitLine(vectors, k);
                writer.Line();
            }

            writer.Line($"""
                {vectors.Store("weighed", "sums", "q")}
                {vectors.Store("lines", "sums", "2 * stride + q")}
                {vectors.Store("partial", "sums", "3 * stride + q")}
                """);
            for (int k = 0; k < sums; k++) writer.Line(vectors.Store("s" + Literal.Integer(k), "sums", $"{4 + k} * stride + q"));
        }

        void EmitLine(BoundVectors vectors, int k)
        {
            string at = k == 0 ? "i" : $"i + {k}";
            string difference = vectors.Splat($"At(ref factors, ListLength + {at})"), factor = vectors.Splat($"At(ref factors, {at})");
            writer.Line($$"""
                {
                    ref {{type}} row = ref At(ref panel, At(ref rows, {{at}}));
                    {{vectors.Type}} slope = {{vectors.Load("row", Literal.Integer(lanes))}};
                    {{vectors.Type}} line = {{vectors.Fma("slope", difference, vectors.Load("row", "0"))}};
                    s{{k}} += line;
                    lines += {{vectors.Abs("line")}};
                    partial += {{vectors.Abs("s" + Literal.Integer(k))}};
                    weighed = {{vectors.Fma(vectors.Abs("slope"), factor, "weighed")}};
                }
                """);
        }
    }

    private static string Load(string start, string index) => $"{Numerics}.LoadUnsafe(ref At(ref {start}, {index}))";

    private static string Store(string value, string index) => $"{Numerics}.StoreUnsafe({value}, ref At(ref sums, {index}));";

    private void EmitSmallEnough() => BoundVectors.EmitSmallEnough(writer);

    /// <summary>Prints what exact inputs, whose segments and distances are known, weigh.</summary>
    public void EmitMeasure()
    {
        writer.Line();
        writer.Prose("/// ", "<summary>Prepares the lines of some inputs that are exact, from their distances, and gives the largest of "
            + "these and of what was there.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static {type} Measure(ref {type} differences, ref {type} factors, int count, {type} "
            + "largest)");
        writer.Line($$"""
            {{Vector}} three = new(3 * Unit), least = new(Tiny), most = new(largest);
            int i = 0;
            for (; i + {{Vector}}.Count <= count; i += {{Vector}}.Count)
            {
                {{Vector}} difference = {{Load("differences", "i")}}, distance = {{Numerics}}.Abs(difference);
                {{Any.Store("distance * three + least", "factors", "i")}}
                {{Any.Store("difference", "factors", "ListLength + i")}}
                most = {{Any.Select(Any.Where("GreaterThan", "distance", "most"), "distance", "most")}};
            }

            for (int lane = 0; lane < {{Vector}}.Count; lane++) largest = most[lane] > largest ? most[lane] : largest;
            for (; i < count; i++)
            {
                {{type}} difference = At(ref differences, i), distance = {{math}}.Abs(difference);
                At(ref factors, i) = distance * (3 * Unit) + Tiny;
                At(ref factors, ListLength + i) = difference;
                largest = distance > largest ? distance : largest;
            }

            return largest;
            """);
    }

    /// <summary>Prints the weighing of some neighbouring vectors of outputs.</summary>
    private void EmitBlock(BoundVectors vectors, string width, int count)
    {
        using var block = writer.Braces("");
        writer.Line($"ref {type} sum = ref At(ref sums, q);");
        for (int k = 0; k < count; k++) writer.Line($"{vectors.Type} a{k} = {vectors.Load("sum", Place(k))};");
        using (writer.Braces("for (int i = 0; i < count; i++)"))
        {
            writer.Line($"ref {type} row = ref At(ref table, (nint)At(ref rows, i) * stride + q);");
            writer.Line($"{vectors.Type} f = {vectors.Splat("At(ref factors, i)")};");
            for (int k = 0; k < count; k++)
                writer.Line($"a{k} = {vectors.Fma(vectors.Abs(vectors.Load("row", Place(k))), "f", "a" + Literal.Integer(k))};");
        }

        writer.Line();
        for (int k = 0; k < count; k++) writer.Line(vectors.Store("a" + Literal.Integer(k), "sum", Place(k)));

        string Place(int vector) => vector == 0 ? "0" : $"{Literal.Integer(vector)} * {width}";
    }
}
