-- A client's own name for a write; repeated, it answers as before.
CREATE TABLE operation (
    org_id {{key_text}} NOT NULL,
    key {{key_text}} NOT NULL,
    request_sha256 TEXT NOT NULL,
    status BIGINT NOT NULL,
    location TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, key)
);

CREATE INDEX operation_by_age ON operation (created_at);

-- Append-only. Names nobody: actors and entities are opaque ids.
CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id {{key_text}} NOT NULL,
    org_id {{key_text}},
    action TEXT NOT NULL,
    entity_kind TEXT NOT NULL,
    entity_id {{key_text}} NOT NULL,
    detail TEXT NOT NULL,
    request_id TEXT NOT NULL DEFAULT ''
);

CREATE INDEX audit_by_org ON audit (org_id, seq);
CREATE INDEX audit_by_entity ON audit (entity_kind, entity_id, seq);

-- Words of names and codes: `fold` without marks, `exact` with them. Prefix ranges, the same on both engines.
CREATE TABLE search_word (
    fold {{key_text}} NOT NULL,
    exact {{key_text}} NOT NULL,
    kind TEXT NOT NULL,
    entity_id {{key_text}} NOT NULL,
    org_id {{key_text}} NOT NULL,
    PRIMARY KEY (fold, exact, kind, entity_id)
);

CREATE INDEX search_word_by_entity ON search_word (kind, entity_id);

-- Scans of a printed code: what the origin page states. Subject: a unit's code, or a batch's id.
CREATE TABLE scan_total (
    subject {{key_text}} PRIMARY KEY,
    count BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- Single scans, kept ninety days: a province at most, a device only as a keyed hash of the day.
CREATE TABLE scan (
    id {{sequence_pk}},
    subject {{key_text}} NOT NULL,
    at BIGINT NOT NULL,
    device TEXT NOT NULL,
    province_code TEXT NOT NULL DEFAULT ''
);

CREATE INDEX scan_by_subject ON scan (subject, at);
CREATE INDEX scan_by_age ON scan (at);

-- Somebody says that data are wrong. The words and the way to reach them are personal; the case is not.
CREATE TABLE complaint (
    code {{key_text}} PRIMARY KEY,
    org_id {{key_text}},
    product_id {{key_text}},
    batch_id {{key_text}},
    subject TEXT NOT NULL,
    topic TEXT NOT NULL,
    reporter_id {{key_text}} REFERENCES person (id),
    status TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX complaint_by_status ON complaint (status, created_at);

CREATE TABLE complaint_detail (
    code {{key_text}} PRIMARY KEY REFERENCES complaint (code),
    text TEXT NOT NULL,
    photo_sha256 TEXT NOT NULL DEFAULT ''
);
