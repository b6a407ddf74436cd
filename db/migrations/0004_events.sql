-- The document as it came (zstd), who declared it and when.
CREATE TABLE capture (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL,
    declared_by {{key_text}} NOT NULL,
    received_at BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    document {{bytes}} NOT NULL,
    document_sha256 TEXT NOT NULL,
    error_behaviour TEXT NOT NULL DEFAULT 'rollback',
    running BIGINT NOT NULL DEFAULT 0,
    success BIGINT NOT NULL DEFAULT 1,
    event_count BIGINT NOT NULL DEFAULT 0,
    errors TEXT NOT NULL DEFAULT '[]',
    finished_at BIGINT
);

CREATE INDEX capture_by_org ON capture (org_id, received_at);

-- Append-only. `seq` is gap-free and in commit order; `body` is canonical JSON in the original spellings.
CREATE TABLE event (
    seq BIGINT PRIMARY KEY,
    id {{key_text}} NOT NULL UNIQUE,
    org_id {{key_text}} NOT NULL,
    capture_id {{key_text}} NOT NULL REFERENCES capture (id),
    ordinal BIGINT NOT NULL,
    event_id {{key_text}} NOT NULL,
    type TEXT NOT NULL,
    action TEXT NOT NULL DEFAULT '',
    event_time BIGINT NOT NULL,
    event_time_offset BIGINT NOT NULL,
    record_time BIGINT NOT NULL,
    declared_by {{key_text}} NOT NULL,
    biz_step TEXT NOT NULL DEFAULT '',
    disposition TEXT NOT NULL DEFAULT '',
    read_point BIGINT,
    biz_location BIGINT,
    template TEXT NOT NULL DEFAULT '',
    mark TEXT NOT NULL DEFAULT 'self_declared',
    error_declared_at BIGINT,
    error_reason TEXT NOT NULL DEFAULT '',
    hash {{key_text}} NOT NULL,
    repeat_key {{key_text}} NOT NULL,
    body TEXT NOT NULL
);

-- repeat_key: digest of organization, hash, eventID and error declaration.
CREATE UNIQUE INDEX event_by_repeat_key ON event (repeat_key);
CREATE INDEX event_by_event_id ON event (event_id);
CREATE INDEX event_by_org ON event (org_id, seq);
CREATE INDEX event_by_time ON event (event_time, seq);
CREATE INDEX event_by_biz_step ON event (biz_step, seq);

-- Which thing takes which part in which event. `role`: epc, parent, child, input, output (class-level ones too).
CREATE TABLE event_identifier (
    identifier_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    event_seq BIGINT NOT NULL REFERENCES event (seq),
    quantity DOUBLE PRECISION,
    uom TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (identifier_id, role, event_seq)
);

CREATE INDEX event_identifier_by_event ON event_identifier (event_seq);
