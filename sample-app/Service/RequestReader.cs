using System;
using System.Buffers;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace SampleApp.Service;

/// <summary>Reads pictures from a request: as JSON, or as bytes from 0 (paper) to 255 (ink).</summary>
internal static class RequestReader
{
    /// <summary>The maximum number of samples of one request.</summary>
    public const int MaxSamples = 1024;

    public const string RawType = "application/octet-stream";
    public const string JsonType = "application/json";

    /// <summary>The maximum number of bytes of a body: 1,024 pictures of numbers with 9 digits fit.</summary>
    public const long MaxBodyBytes = 12L << 20;

    /// <summary>The samples of a request to classify, row by row.</summary>
    /// <exception cref="BadRequestException">The body is not what it should be; the message says what was found and expected.</exception>
    public static async Task<float[]> Samples(HttpRequest request, int pixels)
    {
        if (HasType(request, RawType)) return await Raw(request, pixels);
        if (!HasType(request, JsonType))
        {
            throw new BadRequestException(
                $"The content type is '{request.ContentType ?? "missing"}': send {JsonType}, or {RawType} with {pixels} bytes for each "
                + $"picture.", StatusCodes.Status415UnsupportedMediaType);
        }

        var body = await Json(request, ServiceJson.Default.ClassifyRequest);
        return body switch
        {
            { Pixels: { } one, Samples: null } => Checked([one], pixels, "pixels"),
            { Pixels: null, Samples: { } many } => Checked(many, pixels, "samples"),
            _ => throw new BadRequestException("The body needs either 'pixels', one picture, or 'samples', a list of pictures."),
        };
    }

    /// <summary>A drawing and the one before it.</summary>
    /// <exception cref="BadRequestException">The body is not what it should be.</exception>
    public static async Task<(float[] Pixels, float[]? Previous)> Drawing(HttpRequest request, int pixels)
    {
        if (!HasType(request, JsonType))
            throw new BadRequestException($"The content type is '{request.ContentType ?? "missing"}': send {JsonType}.",
                StatusCodes.Status415UnsupportedMediaType);
        var body = await Json(request, ServiceJson.Default.ExplainRequest);
        if (body.Pixels is null) throw new BadRequestException("The body needs 'pixels', one picture.");
        return (Checked([body.Pixels], pixels, "pixels"), body.Previous is null ? null : Checked([body.Previous], pixels, "previous"));
    }

    private static bool HasType(HttpRequest request, string type) =>
        request.ContentType is { } given && given.AsSpan(0, given.IndexOf(';') is >= 0 and var end ? end : given.Length).Trim()
            .Equals(type, StringComparison.OrdinalIgnoreCase);

    private static async Task<T> Json<T>(HttpRequest request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, request.HttpContext.RequestAborted)
                ?? throw new BadRequestException("The body is null: send an object.");
        }
        catch (IOException e) when (IsOfTheBody(e))
        {
            throw Unreadable(request, e);
        }
        catch (JsonException e)
        {
            string place = e is { LineNumber: { } line, BytePositionInLine: { } column } ? $" at line {line + 1}, byte {column + 1}" : "";
            throw new BadRequestException($"The body is not the JSON that was "
                + $"expected{place}{(string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $", in {e.Path}")}.");
        }
    }

    private static float[] Checked(float[]?[] samples, int pixels, string field)
    {
        if (samples.Length == 0) throw new BadRequestException($"'{field}' is empty: send at least one picture.");
        if (samples.Length > MaxSamples) throw TooMany(samples.Length);
        var all = new float[samples.Length * pixels];
        for (int i = 0; i < samples.Length; i++)
        {
            string name = field == "samples" ? $"samples[{i}]" : field;
            if (samples[i] is not { } sample) throw new BadRequestException($"'{name}' is null: send {pixels} numbers.");
            if (sample.Length != pixels) throw new BadRequestException($"'{name}' has {sample.Length} numbers: send {pixels}, row by row.");
            for (int p = 0; p < pixels; p++)
            {
                // False for NaN, too.
                if (!(sample[p] is >= 0 and <= 1))
                    throw new BadRequestException(
                        FormattableString.Invariant($"'{name}[{p}]' is {sample[p]}: pixels range from 0 (paper) to 1 (ink)."));
            }

            sample.CopyTo(all.AsSpan(i * pixels));
        }

        return all;
    }

    private static async Task<float[]> Raw(HttpRequest request, int pixels)
    {
        int most = MaxSamples * pixels;
        if (request.ContentLength > most) throw TooMany(request.ContentLength.Value / pixels);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(most + 1);
        try
        {
            int length = await ReadUpTo(request, buffer.AsMemory(0, most + 1));
            if (length > most) throw TooMany(length / pixels);
            if (length == 0 || length % pixels != 0)
                throw new BadRequestException($"The body has {length} bytes: send {pixels} for each picture, from 0 (paper) to 255 (ink).");
            var samples = new float[length];
            for (int i = 0; i < length; i++) samples[i] = buffer[i] / 255f;
            return samples;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> ReadUpTo(HttpRequest request, Memory<byte> buffer)
    {
        int length = 0;
        try
        {
            while (length < buffer.Length)
            {
                int read = await request.Body.ReadAsync(buffer[length..], request.HttpContext.RequestAborted);
                if (read == 0) break;
                length += read;
            }
        }
        catch (IOException e) when (IsOfTheBody(e))
        {
            throw Unreadable(request, e);
        }

        return length;
    }

    /// <summary>
    /// Whether an exception says that the body breaks HTTP, without a status to answer with: the server throws a plain one for a chunk size
    /// that overflows. A reset is a client that is gone.
    /// </summary>
    private static bool IsOfTheBody(IOException e) => e is not (BadHttpRequestException or ConnectionResetException);

    private static BadRequestException Unreadable(HttpRequest request, IOException e)
    {
        // Nobody can tell where the next request would begin.
        request.HttpContext.Response.OnStarting(
            static state =>
            {
                ((IHeaderDictionary)state).Connection = "close";
                return Task.CompletedTask;
            },
            request.HttpContext.Response.Headers);
        return new($"The body cannot be read: {e.Message}");
    }

    private static BadRequestException TooMany(long count) =>
        new($"The request has {count} pictures: send at most {MaxSamples}.", StatusCodes.Status413PayloadTooLarge);
}
