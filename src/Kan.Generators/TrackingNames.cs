namespace Kan.Generators;

/// <summary>The names of the pipeline's steps, for tests of what is recomputed.</summary>
internal static class TrackingNames
{
    public const string AllowUnsafe = "Kan.AllowUnsafe";
    public const string HasTensors = "Kan.HasTensors";
    public const string ModelFiles = "Kan.ModelFiles";
    public const string Networks = "Kan.Networks";
    public const string Models = "Kan.Models";
    public const string Curves = "Kan.Curves";
    public const string ResolvedModels = "Kan.ResolvedModels";
    public const string ItemClasses = "Kan.ItemClasses";
    public const string FreeItems = "Kan.FreeItems";
    public const string NetworkSources = "Kan.NetworkSources";
    public const string ModelSources = "Kan.ModelSources";
    public const string ItemSources = "Kan.ItemSources";
    public const string CurveSources = "Kan.CurveSources";
}
