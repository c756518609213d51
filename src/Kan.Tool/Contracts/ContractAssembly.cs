using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Reads the contracts in a compiled assembly, without loading it.</summary>
internal static class ContractAssembly
{
    private const string Namespace = "Kan.Panels", Name = "ContractDataAttribute";

    /// <summary>The text of each network with contracts.</summary>
    /// <param name="path">The assembly.</param>
    /// <exception cref="ToolException">It cannot be read.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            var reader = file.GetMetadataReader();
            var texts = new List<string>();
            foreach (var handle in reader.GetAssemblyDefinition().GetCustomAttributes())
            {
                var attribute = reader.GetCustomAttribute(handle);
                if (attribute.Constructor.Kind != HandleKind.MemberReference
                    || !IsContract(reader, (MemberReferenceHandle)attribute.Constructor)) continue;

                // A prologue of two bytes, then the one argument.
                var value = reader.GetBlobReader(attribute.Value);
                if (value.ReadUInt16() == 1 && value.ReadSerializedString() is { } text) texts.Add(text);
            }

            return texts;
        }
        catch (Exception exception)
            when (exception is BadImageFormatException or InvalidOperationException || FileFailure.Covers(exception))
        {
            throw new ToolException(new Failure(path, "KAN0903", $"The assembly cannot be read: {exception.Message}"),
                ExitCode.InputOutput);
        }
    }

    private static bool IsContract(MetadataReader reader, MemberReferenceHandle constructor)
    {
        var parent = reader.GetMemberReference(constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference) return false;
        var type = reader.GetTypeReference((TypeReferenceHandle)parent);
        return reader.StringComparer.Equals(type.Name, Name) && reader.StringComparer.Equals(type.Namespace, Namespace);
    }
}
