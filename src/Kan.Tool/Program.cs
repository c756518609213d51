using System;
using System.CommandLine;
using System.IO;
using System.Text;
using Kan.Tool;

// Without this a console of another code page garbles paths on their way to the build log.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

var root = new RootCommand("Trained networks as plain C#: conversion of model files. " + ExitCode.Help)
{
    ConvertCommand.Create(),
    ImportCommand.Create(),
};
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
try
{
    int code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or NotSupportedException)
{
    Console.Error.WriteLine($"kan : error KAN0302: {exception.Message.ReplaceLineEndings(" ")}");
    return ExitCode.InputOutput;
}
