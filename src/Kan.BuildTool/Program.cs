using System;
using System.Text;
using Kan.Tool;

// Without this a console of another code page garbles paths on their way to the build log.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await CommandLine.Run(BuildCommands.Create(), args, Console.Out, Console.Error);
