-- Portals that records go to, as the configuration names them.
CREATE TABLE target (
    name {{key_text}} PRIMARY KEY,
    adapter TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    since BIGINT NOT NULL
);

-- One row per version of every record and per event, written with it. Payload, digest and key never change.
CREATE TABLE outbox (
    seq BIGINT PRIMARY KEY,
    org_id {{key_text}} NOT NULL,
    product_id {{key_text}},
    aggregate_type TEXT NOT NULL,
    aggregate_id {{key_text}} NOT NULL,
    version BIGINT NOT NULL,
    op TEXT NOT NULL,
    idempotency_key {{key_text}} NOT NULL UNIQUE,
    payload TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    schema_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (aggregate_type, aggregate_id, version)
);

CREATE INDEX outbox_by_org ON outbox (org_id, seq);
CREATE INDEX outbox_by_product ON outbox (product_id);

-- What must have been delivered before: product before batch before event.
CREATE TABLE outbox_parent (
    outbox_seq BIGINT NOT NULL REFERENCES outbox (seq),
    parent_type TEXT NOT NULL,
    parent_id {{key_text}} NOT NULL,
    PRIMARY KEY (outbox_seq, parent_type, parent_id)
);

CREATE TABLE delivery (
    target {{key_text}} NOT NULL REFERENCES target (name),
    outbox_seq BIGINT NOT NULL REFERENCES outbox (seq),
    org_id {{key_text}} NOT NULL,
    aggregate_type TEXT NOT NULL,
    aggregate_id {{key_text}} NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    hold TEXT NOT NULL DEFAULT '',
    attempts BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    epoch BIGINT NOT NULL DEFAULT 0,
    wire {{bytes}},
    wire_sha256 TEXT NOT NULL DEFAULT '',
    error_class TEXT NOT NULL DEFAULT '',
    error_code TEXT NOT NULL DEFAULT '',
    error_text TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (target, outbox_seq)
);

-- Found by state, never by "greater than the last number".
CREATE INDEX delivery_by_state ON delivery (target, state, org_id, outbox_seq);
CREATE INDEX delivery_by_aggregate ON delivery (target, aggregate_type, aggregate_id, version);

-- The portal's answer, raw, stored in the same transaction as the state `delivered`.
CREATE TABLE receipt (
    target {{key_text}} NOT NULL,
    outbox_seq BIGINT NOT NULL REFERENCES outbox (seq),
    portal_id TEXT NOT NULL DEFAULT '',
    accepted_at BIGINT NOT NULL,
    payload_sha256 TEXT NOT NULL,
    key_id TEXT NOT NULL DEFAULT '',
    signature TEXT NOT NULL DEFAULT '',
    body {{bytes}} NOT NULL,
    peer_certificate_sha256 TEXT NOT NULL DEFAULT '',
    received_at BIGINT NOT NULL,
    PRIMARY KEY (target, outbox_seq)
);

-- The portal's number of a record of ours.
CREATE TABLE portal_id (
    target {{key_text}} NOT NULL,
    aggregate_type TEXT NOT NULL,
    aggregate_id {{key_text}} NOT NULL,
    portal_id TEXT NOT NULL,
    PRIMARY KEY (target, aggregate_type, aggregate_id)
);

-- One active connector per installation; a paused old leader's commit is refused by its epoch.
CREATE TABLE lease (
    name {{key_text}} PRIMARY KEY,
    epoch BIGINT NOT NULL,
    holder TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- State of a portal as the connector last saw it, for the administrators' page.
CREATE TABLE target_state (
    target {{key_text}} PRIMARY KEY REFERENCES target (name),
    state TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    next_try_at BIGINT,
    succeeded_at BIGINT,
    failed_at BIGINT,
    certificate_expires_at BIGINT,
    portal_certificate_expires_at BIGINT,
    changed_at BIGINT NOT NULL
);
