using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Xunit;

namespace Kan.Testing;

/// <summary>
/// A claim that is checked very often: its message is written only where it fails, which an argument of <c>Assert.True</c> always is.
/// </summary>
internal static class Require
{
    /// <summary>Requires a condition.</summary>
    public static void That([DoesNotReturnIf(false)] bool condition,
        [InterpolatedStringHandlerArgument(nameof(condition))] ref Message message)
    {
        if (!condition) Assert.Fail(message.ToString());
    }

    /// <summary>The text of a failure.</summary>
    [InterpolatedStringHandler]
    public ref struct Message
    {
        private DefaultInterpolatedStringHandler _text;

        /// <summary>Nothing is written where the condition holds.</summary>
        public Message(int literalLength, int formattedCount, bool condition, out bool isWritten)
        {
            isWritten = !condition;
            _text = isWritten ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

        /// <inheritdoc/>
        public override string ToString() => _text.ToString();
    }
}
