using System;
using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>A network to compare, and how the network that the caller gave evaluates.</summary>
internal sealed record Comparand(KanNetwork Network, Func<IReadOnlyList<Rational>, Rational[]> Evaluate);
