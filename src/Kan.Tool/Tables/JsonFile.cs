using System.Text.Json;

namespace Kan.Tool;

/// <summary>JSON files that users write.</summary>
internal static class JsonFile
{
    /// <exception cref="ToolException">The file cannot be read or is not JSON.</exception>
    public static JsonDocument Read(string path)
    {
        try
        {
            return JsonDocument.Parse(DataFile.ReadAllBytes(path));
        }
        catch (JsonException exception)
        {
            throw ToolException.BadData(path, $"The file is not JSON: {exception.Message}", (int)(exception.LineNumber ?? 0) + 1,
                (int)(exception.BytePositionInLine ?? 0) + 1);
        }
    }
}
