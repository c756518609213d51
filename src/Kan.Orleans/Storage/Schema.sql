-- The tables of a cluster. Every statement may be run again on a database that has them.

CREATE TABLE IF NOT EXISTS kan_job
(
    name text PRIMARY KEY,
    definition jsonb NOT NULL,
    is_cancelled boolean NOT NULL DEFAULT false
);

CREATE TABLE IF NOT EXISTS kan_partition
(
    job text NOT NULL REFERENCES kan_job ON DELETE CASCADE,
    partition integer NOT NULL,
    state integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    rows bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    sha256 text NOT NULL DEFAULT '',
    silo text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    PRIMARY KEY (job, partition)
);

CREATE INDEX IF NOT EXISTS kan_open_partition ON kan_partition (job) WHERE state = 0;

-- What Orleans keeps of silos: a version for each cluster, which every change of a member increments, and the members.

CREATE TABLE IF NOT EXISTS kan_cluster
(
    id text PRIMARY KEY,
    version integer NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS kan_silo
(
    cluster text NOT NULL REFERENCES kan_cluster,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    status integer NOT NULL,
    gateway integer NOT NULL,
    suspicions text,
    started timestamptz NOT NULL,
    alive timestamptz NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

-- Orleans finds its queries here, by keys, and knows parameters and columns of results by the names that it gives them.

CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey varchar(64) PRIMARY KEY,
    QueryText varchar(8000) NOT NULL
);

INSERT INTO OrleansQuery VALUES
('InsertMembershipVersionKey', $$
    WITH added AS (INSERT INTO kan_cluster (id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::integer FROM added
$$),
('InsertMembershipKey', $$
    WITH turn AS
    (
        UPDATE kan_cluster SET version = version + 1 WHERE id = @DeploymentId AND version = @Version
        AND NOT EXISTS (SELECT FROM kan_silo WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING 1
    ),
    added AS
    (
        INSERT INTO kan_silo (cluster, address, port, generation, name, host, status, gateway, started, alive)
        SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM turn
        RETURNING 1
    )
    SELECT count(*)::integer FROM added
$$),
('UpdateMembershipKey', $$
    WITH turn AS
    (
        UPDATE kan_cluster SET version = version + 1 WHERE id = @DeploymentId AND version = @Version
        AND EXISTS (SELECT FROM kan_silo WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING 1
    ),
    changed AS
    (
        UPDATE kan_silo SET status = @Status, suspicions = @SuspectTimes, alive = @IAmAliveTime FROM turn
        WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
        RETURNING 1
    )
    SELECT count(*)::integer FROM changed
$$),
('UpdateIAmAlivetimeKey', $$
    UPDATE kan_silo SET alive = @IAmAliveTime
    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$$),
('MembershipReadAllKey', $$
    SELECT c.id AS DeploymentId, c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host AS HostName,
        s.status AS Status, s.gateway AS ProxyPort, s.suspicions AS SuspectTimes, s.started AS StartTime, s.alive AS IAmAliveTime
    FROM kan_cluster c LEFT JOIN kan_silo s ON s.cluster = c.id WHERE c.id = @DeploymentId
$$),
('MembershipReadRowKey', $$
    SELECT c.id AS DeploymentId, c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host AS HostName,
        s.status AS Status, s.gateway AS ProxyPort, s.suspicions AS SuspectTimes, s.started AS StartTime, s.alive AS IAmAliveTime
    FROM kan_cluster c LEFT JOIN kan_silo s ON s.cluster = c.id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE c.id = @DeploymentId
$$),
('GatewaysQueryKey', $$
    SELECT address AS Address, gateway AS ProxyPort, generation AS Generation FROM kan_silo WHERE cluster = @DeploymentId AND status = @Status AND gateway > 0
$$),
('DeleteMembershipTableEntriesKey', $$
    WITH members AS (DELETE FROM kan_silo WHERE cluster = @DeploymentId) DELETE FROM kan_cluster WHERE id = @DeploymentId
$$),
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM kan_silo WHERE cluster = @DeploymentId AND alive < @IAmAliveTime AND status <> 3
$$)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
