using System;
using Microsoft.AspNetCore.Http;

namespace SampleApp.Service;

/// <summary>A request that cannot be answered; the message is for its sender.</summary>
internal sealed class BadRequestException(string message, int status = StatusCodes.Status400BadRequest) : Exception(message)
{
    public int Status { get; } = status;
}
