using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Diagnostics;

/// <summary>Every diagnostic: subject, fact, remedy. An ID is never used for another meaning.</summary>
internal static class Descriptors
{
    private const string Declaration = "Kan.Declaration";
    private const string Data = "Kan.Data";
    private const string Functions = "Kan.Functions";
    private const string Model = "Kan.Model";
    private const string Size = "Kan.Size";
    private const string Certificates = "Kan.Certificates";
    private const string Configuration = "Kan.Configuration";

    /// <summary>Where the pages are.</summary>
    public const string HelpBase = "https://github.com/kan-generators/kan-generators/blob/main/docs/diagnostics/";

    public static readonly DiagnosticDescriptor TypeIsNotPartial = Error("KAN0001", Declaration,
        "Type is not partial",
        "'{0}' is not partial, so the network cannot be added to '{1}': declare '{0}' as partial");

    public static readonly DiagnosticDescriptor TypeIsGeneric = Error("KAN0002", Declaration,
        "Type is generic",
        "'{0}' has type parameters, but '{1}' must not depend on any: declare it outside generic types, without type parameters");

    public static readonly DiagnosticDescriptor InvalidCurveMethod = Error("KAN0003", Declaration,
        "Method cannot be a curve",
        "'{0}' cannot be a curve because it {1}: declare it as 'static partial double {0}(double x);', or use float for both");

    public static readonly DiagnosticDescriptor AttributesDoNotFit = Error("KAN0004", Declaration,
        "Attributes do not fit together",
        "'{0}' has [{1}] {2}: {3}");

    public static readonly DiagnosticDescriptor TypeIsFileLocal = Error("KAN0005", Declaration,
        "Type is file-local",
        "'{0}' is file-local, so another file cannot add the network to '{1}': remove the file modifier");

    public static readonly DiagnosticDescriptor NameIsTaken = Error("KAN0006", Declaration,
        "Name is taken",
        "'{0}' has a name that the code generated for '{1}' needs: rename it");

    public static readonly DiagnosticDescriptor NameDoesNotFit = Error("KAN0007", Declaration,
        "Name or range does not fit the network",
        "{0} of '{1}' {2}: {3}");

    public static readonly DiagnosticDescriptor ContractDoesNotFit = Error("KAN0010", Declaration,
        "Contract does not fit the network",
        "[{0}] of '{1}' {2}: {3}");

    public static readonly DiagnosticDescriptor InvalidWidths = Error("KAN0100", Data,
        "Widths do not describe a network",
        "The widths of '{0}' {1}: give the number of inputs, then the number of outputs of each layer, each from 1 to {2}");

    public static readonly DiagnosticDescriptor WrongSlopeCount = Error("KAN0101", Data,
        "Wrong number of slopes",
        "{0} has {1} but {2}: specify one more slope than breakpoints, here {3}");

    public static readonly DiagnosticDescriptor BreakpointsDoNotIncrease = Error("KAN0102", Data,
        "Breakpoints do not increase",
        "Breakpoint {0} of {1} is {2}, which is not greater than breakpoint {3}, {4}: list the breakpoints in strictly increasing order");

    public static readonly DiagnosticDescriptor NumberIsNotFinite = Error("KAN0103", Data,
        "Number is not finite",
        "{0} of {1} is {2}, which is not a finite {3}: use a finite number");

    public static readonly DiagnosticDescriptor EdgeIsOutOfRange = Error("KAN0104", Data,
        "Edge is outside the network",
        "The {0} of edge ({1}, {2}, {3}) is {4}, but '{5}' has {6} there: use a number from 0 to {7}");

    public static readonly DiagnosticDescriptor EdgeIsDeclaredTwice = Error("KAN0105", Data,
        "Edge is declared twice",
        "Edge ({0}, {1}, {2}) of '{3}' is already declared: remove one of the two, or replace both with one edge that is their sum");

    public static readonly DiagnosticDescriptor UnknownOption = Error("KAN0106", Data,
        "Option value is not defined",
        "The value {0} of {1} is not defined: use one of {2}");

    public static readonly DiagnosticDescriptor NumberLeavesType = Error("KAN0107", Data,
        "Number is outside the range of the number type",
        "A number of '{0}' is outside the range of its number type: {1}");

    public static readonly DiagnosticDescriptor NetworkTooLarge = Error("KAN0108", Data,
        "Network is too large to compile",
        "'{0}' is too large to compile: {1}; prune it, share breakpoints between the edges of an input, or split it");

    public static readonly DiagnosticDescriptor BreakpointsCollapse = Warning("KAN0109", Data,
        "Breakpoints collapse in the number type",
        "Breakpoints {0} and {1} of {2}, {3} and {4}, are the same {5}, {6}, so the segment between them vanishes: move them apart, or "
        + "compute in double");

    public static readonly DiagnosticDescriptor NumberIsRoundedToType = Info("KAN0110", Data,
        "Number is rounded to the number type",
        "{0} of {1}, {2}, is not representable as {3}; {4} is used instead{5}: write the intended number, or compute in double");

    public static readonly DiagnosticDescriptor EdgeIsIdle = Warning("KAN0111", Data,
        "No output varies with an edge",
        "{0} {1}, so no output varies with it: remove it, or correct its numbers or its nodes");

    public static readonly DiagnosticDescriptor BreakpointHasNoEffect = Info("KAN0112", Data,
        "Breakpoint has no effect",
        "Breakpoint {0} of {1}, {2}, has the slope {3} on both sides: remove it and one of the two slopes");

    public static readonly DiagnosticDescriptor OutputIsConstant = Warning("KAN0113", Data,
        "Output is constant",
        "{0} of '{1}' is the same for all inputs: connect an edge to it, or remove it");

    public static readonly DiagnosticDescriptor InputIsUnread = Warning("KAN0114", Data,
        "Input is never used",
        "No output of '{0}' depends on {1}: connect an edge from it, or remove it");

    public static readonly DiagnosticDescriptor NoIntegerForm = Error("KAN0115", Data,
        "Network cannot be computed with integers",
        "'{0}' cannot be computed with integers: {1}; change the model, or compute in float");

    public static readonly DiagnosticDescriptor NotPiecewiseLinear = Error("KAN0200", Functions,
        "Operation is not piecewise linear",
        "'{0}' is not piecewise linear in {1}: use Abs, Min, Max or Clamp, or define the curve by breakpoints and slopes");

    public static readonly DiagnosticDescriptor VaryingTermsMultiplied = Error("KAN0201", Functions,
        "Two varying terms are multiplied",
        "'{0}' multiplies two terms that vary with {1}, so it is not piecewise linear: make one of them constant");

    public static readonly DiagnosticDescriptor VaryingDivisor = Error("KAN0202", Functions,
        "Divisor varies",
        "'{0}' divides by a term that varies with {1}, so it is not piecewise linear: divide by a constant");

    public static readonly DiagnosticDescriptor FunctionJumps = Error("KAN0203", Functions,
        "Function jumps",
        "'{0}' makes '{1}' jump at {2}, {3}: make the pieces meet there");

    public static readonly DiagnosticDescriptor NumberIsRounded = Error("KAN0204", Functions,
        "Varying number is rounded",
        "'{0}' rounds a number that varies with {1} and has no bounds, so it has infinitely many steps: bound it first with Math.Clamp, "
        + "or use it without rounding");

    public static readonly DiagnosticDescriptor LoopIsUnbounded = Error("KAN0205", Functions,
        "Loop does not end",
        "'{0}' repeats its loop more than {1} times: give the loop a constant bound of at most {1}");

    public static readonly DiagnosticDescriptor FunctionHasState = Error("KAN0206", Functions,
        "Function depends on state",
        "'{0}' {1}, but an edge may depend only on its parameters: {2}");

    public static readonly DiagnosticDescriptor CodeIsNotCompiled = Error("KAN0207", Functions,
        "Code cannot be compiled into an edge",
        "'{0}' {1}, which cannot be compiled into an edge: {2}");

    public static readonly DiagnosticDescriptor FunctionCallsItself = Error("KAN0208", Functions,
        "Function calls itself",
        "'{0}' calls a method that is already being compiled, {1}: write a loop with a constant bound");

    public static readonly DiagnosticDescriptor ValueIsUndefined = Error("KAN0209", Functions,
        "Value is not finite",
        "'{0}' {1}, but an edge must have a finite value at every input: {2}");

    public static readonly DiagnosticDescriptor FieldIsReadAtCompileTime = Info("KAN0210", Functions,
        "Field is read when the network is compiled",
        "'{0}' is compiled into the edge with the value of its initializer: {1}");

    public static readonly DiagnosticDescriptor FunctionDoesNotSeparate = Error("KAN0211", Functions,
        "Function mixes its inputs",
        "'{0}' mixes {1}, so '{2}' is not a sum of functions of one input each: {3}");

    public static readonly DiagnosticDescriptor FunctionIsTooLarge = Error("KAN0212", Functions,
        "Function is too large",
        "'{0}' needs more than {1}: split the function, or use fewer pieces and simpler numbers");

    public static readonly DiagnosticDescriptor InvalidEdgeMethod = Error("KAN0213", Functions,
        "Method cannot be an edge",
        "'{0}' cannot be an edge because it {1}: declare it as 'static double {0}({2})' with a body, or use float throughout");

    public static readonly DiagnosticDescriptor PiecesMeetAsDecimals = Info("KAN0214", Functions,
        "Pieces meet only as decimal numbers",
        "'{0}' makes '{1}' jump at {2}, {3}, only because its constants are rounded: the decimal numbers as written, which meet there, "
        + "are compiled instead");

    public static readonly DiagnosticDescriptor ImplementationNotFound = Error("KAN0215", Functions,
        "Function was not found",
        "'{0}' names '{1}' as its function, but {2}: name a static method of '{3}' that takes and returns {4}");

    public static readonly DiagnosticDescriptor DivisionDropsRemainder = Warning("KAN0216", Functions,
        "Integer division drops its remainder",
        "'{0}' divides integers and gives {1}, without the remainder, where a real number is needed: write {2} with a decimal point");

    public static readonly DiagnosticDescriptor GuardDeclaresDomain = Info("KAN0217", Functions,
        "Guard declares the domain of an edge",
        "'{0}' declares that '{1}' is meant for {2}: elsewhere the edge continues its first or last piece");

    public static readonly DiagnosticDescriptor ModelItemNotFound = Error("KAN0300", Model,
        "Model is not listed in the project",
        "The project has no KanModel item '{0}'; {1}: add <KanModel Include=\"...\" /> to the project or correct the name");

    public static readonly DiagnosticDescriptor ModelFileMissing = Error("KAN0301", Model,
        "Model file is missing",
        "The model file '{0}' is missing or not yet converted: check the path of the KanModel item and build the project");

    public static readonly DiagnosticDescriptor ModelNotReadable = Error("KAN0302", Model,
        "Model file is not readable",
        "The model '{0}' is not readable, {1}({2},{3}): {4}");

    public static readonly DiagnosticDescriptor OperatorNotSupported = Error("KAN0303", Model,
        "Operator of the model is not supported",
        "The model '{0}' uses the operator '{1}', which cannot be compiled: export the model without it");

    public static readonly DiagnosticDescriptor ModelIsAmbiguous = Error("KAN0305", Model,
        "Several models match",
        "'{0}' matches {1}: specify more of the path to say which one");

    /// <summary>Reported by the build targets too, for the metadata that the converter reads.</summary>
    public static readonly DiagnosticDescriptor ItemMetadataIsWrong = Error("KAN0306", Model,
        "Metadata of a model item is not valid",
        "The KanModel item '{0}' has {1}=\"{2}\": expected {3}");

    public static readonly DiagnosticDescriptor ItemClassIsTaken = Error("KAN0307", Model,
        "Class of a model item is already declared",
        "'{0}' is the Class of the KanModel item '{1}', but {2}: {3}");

    /// <summary>Reported by the build targets and by the tool.</summary>
    public static readonly DiagnosticDescriptor FileNotAccessible = Error("KAN0308", Model,
        "File cannot be read or written",
        "The file '{0}' cannot be {1}: {2}");

    /// <summary>Reported by the build targets.</summary>
    public static readonly DiagnosticDescriptor ItemMetadataIsUnread = Warning("KAN0309", Model,
        "Metadata of a model item is not read",
        "The KanModel item '{0}' has {1}=\"{2}\", which nothing reads: {3}");

    /// <summary>Reported by the build targets and by the tool.</summary>
    public static readonly DiagnosticDescriptor OptionDoesNotFit = Error("KAN0310", Model,
        "Names, labels or scales do not fit the model",
        "The options of the model '{0}' do not fit it: {1}");

    public static readonly DiagnosticDescriptor NetworkIsCompiled = Info("KAN0400", Size,
        "How a network is compiled",
        "'{0}' is compiled into {1} with {2} bytes of tables: layer {3}");

    public static readonly DiagnosticDescriptor LayerHasManySegments = Info("KAN0401", Size,
        "Layer has many segments",
        "Layer {0} of '{1}' has {2} segments on {3}, which are searched for every sample: remove breakpoints where the slopes hardly "
        + "differ");

    public static readonly DiagnosticDescriptor TablesAreLarge = Info("KAN0402", Size,
        "Tables are large",
        "'{0}' has {1} bytes of tables, more than the {2} that fit in a core's cache: prune it, or share breakpoints between the edges "
        + "of an input");

    public static readonly DiagnosticDescriptor ReluFormIsAskedFor = Info("KAN0403", Size,
        "Requested form loses accuracy",
        "Lowering.Relu computes '{0}' with terms that grow and cancel, which loses accuracy and takes longer: omit Lowering unless you "
        + "need this form");

    public static readonly DiagnosticDescriptor ModelInputsAreUnread = Info("KAN0404", Size,
        "Inputs of a model are not read",
        "'{0}' does not depend on {1} of its {2} inputs, {3}: callers need not compute them");

    public static readonly DiagnosticDescriptor BoundIsCertified = Info("KAN0500", Certificates,
        "Certified error bound",
        "'{0}' computes each output within {1} of its exact value, for inputs in the declared ranges");

    public static readonly DiagnosticDescriptor BoundIsInfinite = Warning("KAN0501", Certificates,
        "No error bound can be certified",
        "On the declared input ranges of '{0}' no finite error bound can be certified, because {1}: narrow the ranges, or scale the "
        + "model to smaller numbers");

    public static readonly DiagnosticDescriptor BoundExceedsLimit = Warning("KAN0502", Certificates,
        "Error bound exceeds its limit",
        "The certified error bound of '{0}', {1}, exceeds kan_error_bound_limit, {2}: compute in double, narrow the input ranges, or "
        + "raise the limit");

    public static readonly DiagnosticDescriptor RangeIsNotDeclared = Info("KAN0503", Certificates,
        "No input range is declared",
        "The model of '{0}' declares no input range, so no error bound is certified: add a Range to its KanModel item");

    public static readonly DiagnosticDescriptor SampleHasNoBound = Warning("KAN0504", Certificates,
        "No bound for a sample",
        "'{0}' gets no EvaluateWithBound, because {1}: use Info.ErrorBound, the bound for all samples in the declared ranges");

    /// <summary>Reported by the step of the build that proves contracts, and in the editor with its last result.</summary>
    public static readonly DiagnosticDescriptor ContractIsBroken = Error("KAN0510", Certificates,
        "Contract is broken",
        "'{0}' does not keep its contract that {1}: {2}");

    /// <summary>Reported by the step of the build that proves contracts, and in the editor with its last result.</summary>
    public static readonly DiagnosticDescriptor ContractIsUndecided = Warning("KAN0511", Certificates,
        "Contract is undecided",
        "It is not known whether '{0}' keeps its contract that {1}: {2}");

    /// <summary>Reported by the step of the build that proves contracts, and in the editor with its last result.</summary>
    public static readonly DiagnosticDescriptor ContractIsProved = Info("KAN0512", Certificates,
        "Contract is proved",
        "'{0}' keeps its contract that {1}: {2}");

    public static readonly DiagnosticDescriptor InternalError = Error("KAN0900", Configuration,
        "Generator failed",
        "The generator failed on '{0}' because of an internal error: {1}");

    /// <summary>Reported by the build targets: a compiler that is too old does not load the generator at all.</summary>
    public static readonly DiagnosticDescriptor CompilerIsTooOld = Error("KAN0901", Configuration,
        "Compiler is too old",
        "Kan.Generators needs the C# compiler 5.0 of the .NET 10 SDK, but this build uses {0}: install the SDK, or remove the "
        + "global.json that asks for an older one");

    public static readonly DiagnosticDescriptor SettingIsWrong = Warning("KAN0902", Configuration,
        "Setting value is not valid",
        "The setting {0} has the value '{1}', but {2} is expected: correct it in .editorconfig");

    /// <summary>Reported by the build targets and by the tool.</summary>
    public static readonly DiagnosticDescriptor ConverterFailed = Error("KAN0903", Configuration,
        "Tool failed",
        "The kan tool failed on '{0}' because of an internal error: {1}");

    /// <summary>Reported by the build targets.</summary>
    public static readonly DiagnosticDescriptor FrameworkIsTooOld = Error("KAN0904", Configuration,
        "Target framework is too old",
        "Kan.Generators needs net10.0 or later, but '{0}' is built for {1}: change its TargetFramework, or reference the package for "
        + "net10.0 only");

    /// <summary>Reported by the build targets: the generator does not run in projects of other languages.</summary>
    public static readonly DiagnosticDescriptor LanguageIsNotCSharp = Error("KAN0905", Configuration,
        "Language is not C#",
        "Kan.Generators generates C# only, but '{0}' is written in {1}: put the networks into a C# library, and reference it");

    public static readonly DiagnosticDescriptor LanguageIsTooOld = Error("KAN0906", Configuration,
        "Language version is too old",
        "'{0}' needs C# {1} or later, but the project uses C# {2}: remove its LangVersion, or set it to {1}");

    /// <summary>All of them, by ID.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        TypeIsNotPartial, TypeIsGeneric, InvalidCurveMethod, AttributesDoNotFit, TypeIsFileLocal, NameIsTaken, NameDoesNotFit,
            ContractDoesNotFit,
        InvalidWidths, WrongSlopeCount, BreakpointsDoNotIncrease, NumberIsNotFinite, EdgeIsOutOfRange, EdgeIsDeclaredTwice, UnknownOption,
            NumberLeavesType, NetworkTooLarge,
        BreakpointsCollapse, NumberIsRoundedToType, EdgeIsIdle, BreakpointHasNoEffect, OutputIsConstant, InputIsUnread, NoIntegerForm,
        NotPiecewiseLinear, VaryingTermsMultiplied, VaryingDivisor, FunctionJumps, NumberIsRounded, LoopIsUnbounded,
        FunctionHasState, CodeIsNotCompiled, FunctionCallsItself, ValueIsUndefined, FieldIsReadAtCompileTime, FunctionDoesNotSeparate,
        FunctionIsTooLarge, InvalidEdgeMethod, PiecesMeetAsDecimals, ImplementationNotFound, DivisionDropsRemainder, GuardDeclaresDomain,
        ModelItemNotFound, ModelFileMissing, ModelNotReadable, OperatorNotSupported, ModelIsAmbiguous, ItemMetadataIsWrong,
            ItemClassIsTaken, FileNotAccessible, ItemMetadataIsUnread, OptionDoesNotFit,
        NetworkIsCompiled, LayerHasManySegments, TablesAreLarge, ReluFormIsAskedFor, ModelInputsAreUnread,
        BoundIsCertified, BoundIsInfinite, BoundExceedsLimit, RangeIsNotDeclared, SampleHasNoBound, ContractIsBroken, ContractIsUndecided,
        ContractIsProved,
        InternalError, CompilerIsTooOld, SettingIsWrong, ConverterFailed, FrameworkIsTooOld, LanguageIsNotCSharp, LanguageIsTooOld,
    ];

    private static DiagnosticDescriptor Error(string id, string category, string title, string message) =>
        new(id, title, message, category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpBase + id + ".md");

    private static DiagnosticDescriptor Warning(string id, string category, string title, string message) =>
        new(id, title, message, category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpBase + id + ".md");

    private static DiagnosticDescriptor Info(string id, string category, string title, string message) =>
        new(id, title, message, category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpBase + id + ".md");
}
