using System.Threading.Tasks;

namespace Kan.Orleans;

/// <summary>The database of a cluster.</summary>
public static class KanPostgres
{
    /// <summary>Creates the tables that are missing. Several silos may do so at once.</summary>
    /// <param name="connectionString">The database, as Npgsql knows it.</param>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached, or refuses.</exception>
    public static async Task CreateSchemaAsync(string connectionString)
    {
        await using var store = new PostgresJobStore(connectionString);
        await store.CreateSchemaAsync();
    }
}
