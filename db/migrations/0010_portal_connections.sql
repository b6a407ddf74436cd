-- Portals that administrators connect in the browser; those of the configuration have no row here.
CREATE TABLE portal_connection (
    target {{key_text}} PRIMARY KEY,
    adapter TEXT NOT NULL,
    url TEXT NOT NULL,
    secret_header TEXT NOT NULL DEFAULT '',
    sealed_secret TEXT NOT NULL DEFAULT '',
    mapping TEXT NOT NULL DEFAULT '',
    authority TEXT NOT NULL DEFAULT '',
    client_authority TEXT NOT NULL DEFAULT '',
    receipt_key TEXT NOT NULL DEFAULT '',
    pins TEXT NOT NULL DEFAULT '',
    declaration_number TEXT NOT NULL DEFAULT '',
    declaration_date TEXT NOT NULL DEFAULT '',
    declaration_standard TEXT NOT NULL DEFAULT '',
    stage TEXT NOT NULL,
    live_since BIGINT,
    reviewed_at BIGINT,
    reviewed_by TEXT NOT NULL DEFAULT '',
    stop_reason TEXT NOT NULL DEFAULT '',
    revision BIGINT NOT NULL,
    settings_revision BIGINT NOT NULL,
    certificate_revision BIGINT NOT NULL,
    problem TEXT NOT NULL DEFAULT '',
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);

-- Our key pairs at a portal: the one in use, the one being prepared, the one that was in use before.
CREATE TABLE portal_certificate (
    target {{key_text}} NOT NULL REFERENCES portal_connection (target),
    slot TEXT NOT NULL,
    sealed_key TEXT NOT NULL,
    request TEXT NOT NULL,
    chain TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL DEFAULT '',
    issuer TEXT NOT NULL DEFAULT '',
    fingerprint TEXT NOT NULL DEFAULT '',
    valid_from BIGINT,
    valid_to BIGINT,
    faults TEXT NOT NULL DEFAULT '',
    checked_at BIGINT,
    retired_at BIGINT,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (target, slot)
);

-- A change of a portal's pins that waits for a second person.
CREATE TABLE pin_proposal (
    target {{key_text}} PRIMARY KEY REFERENCES portal_connection (target),
    pins TEXT NOT NULL,
    reason TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    proposed_by TEXT NOT NULL
);

-- What administrators ask the connector to try; it may be the only process that reaches the portal.
CREATE TABLE connection_check (
    id {{sequence_pk}},
    target {{key_text}} NOT NULL REFERENCES portal_connection (target),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    good BIGINT NOT NULL DEFAULT 0,
    stale BIGINT NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '',
    asked_at BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    done_at BIGINT
);

CREATE INDEX connection_check_by_target ON connection_check (target, id);
CREATE INDEX connection_check_by_state ON connection_check (state, id);
