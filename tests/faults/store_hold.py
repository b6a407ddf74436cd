"""Holds the store in the middle of a transaction of one lifetime of the connector: a trigger that does not end. What a
later lifetime writes passes, so that nothing has to be repaired before it starts."""

import sqlite3
import time

import nguon

STEADY_SECONDS = 0.2  # a lock that lasts so long is no ordinary transaction


class SqliteHold:
    def __init__(self, installation):
        self.file = installation.data / "nguon.db"

    def run(self, *statements):
        """While somebody serves: the last to close would empty the log into the file."""
        connection = sqlite3.connect(self.file, timeout=10, isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()

    def arm(self, table, epoch):
        self.run(
            "CREATE VIEW IF NOT EXISTS kill_hold AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            " WHERE i < 2000000000) SELECT MAX(i) AS i FROM n",
            "DROP TRIGGER IF EXISTS kill_point",
            f"CREATE TRIGGER kill_point AFTER INSERT ON {table}"
            f" WHEN (SELECT epoch FROM lease WHERE name = 'connector') = {epoch} BEGIN SELECT i FROM kill_hold; END")

    def disarm(self):
        self.run("DROP TRIGGER IF EXISTS kill_point", "DROP VIEW IF EXISTS kill_hold")

    def is_reached(self):
        connection = sqlite3.connect(self.file, timeout=0, isolation_level=None)
        end = time.monotonic() + STEADY_SECONDS
        try:
            while time.monotonic() < end:
                try:
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute("ROLLBACK")
                    return False
                except sqlite3.OperationalError:
                    time.sleep(0.005)
            return True
        finally:
            connection.close()

    def killed(self):
        pass


class PostgresHold:
    def __init__(self, installation):
        self.url = installation.database

    def arm(self, table, epoch):
        nguon.postgres_rows(self.url, f"""
            CREATE OR REPLACE FUNCTION kill_hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF (SELECT epoch FROM lease WHERE name = 'connector') = {epoch} THEN PERFORM pg_sleep(60); END IF;
              RETURN NULL; END $$;
            DROP TRIGGER IF EXISTS kill_point ON receipt;
            DROP TRIGGER IF EXISTS kill_point ON delivery_log_checkpoint;
            CREATE TRIGGER kill_point AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION kill_hold()""")

    def disarm(self):
        nguon.postgres_rows(self.url, "DROP FUNCTION IF EXISTS kill_hold() CASCADE")

    def is_reached(self):
        return nguon.postgres_rows(self.url, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")

    def killed(self):
        """What time would do: the server notices that its client is gone, and the lease runs out."""
        nguon.postgres_rows(self.url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                      " WHERE wait_event = 'PgSleep'")
        nguon.postgres_rows(self.url, "UPDATE lease SET expires_at = 0 WHERE name = 'connector'")
