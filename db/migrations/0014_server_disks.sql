-- The room on each server's disk, as that server last measured it. One of them judges for all.
CREATE TABLE server_disk (
    server {{key_text}} PRIMARY KEY,
    free_bytes BIGINT NOT NULL,
    capacity_bytes BIGINT NOT NULL,
    measured_at BIGINT NOT NULL
);
