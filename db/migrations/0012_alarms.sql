-- What is wrong with the installation, from its beginning to its end. An alarm stands while `cleared_at` is empty.
CREATE TABLE alarm (
    id {{key_text}} PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL,
    detail TEXT NOT NULL,
    since BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    cleared_at BIGINT,
    settled BIGINT NOT NULL DEFAULT 0,
    noticed_severity TEXT NOT NULL,
    noticed_step BIGINT NOT NULL,
    noticed_at BIGINT NOT NULL,
    acknowledged_at BIGINT,
    acknowledged_by TEXT NOT NULL DEFAULT '',
    acknowledged_reason TEXT NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX alarm_unsettled ON alarm (kind, subject) WHERE settled = 0;
CREATE INDEX alarm_by_end ON alarm (settled, since);

-- One message about an alarm on one way out; sent at least once. What it says is frozen with it.
CREATE TABLE notice (
    id {{key_text}} PRIMARY KEY,
    alarm_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    channel TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL,
    fault TEXT NOT NULL DEFAULT '',
    settled_at BIGINT
);

CREATE INDEX notice_by_state ON notice (channel, state, created_at);
CREATE INDEX notice_by_alarm ON notice (alarm_id);
