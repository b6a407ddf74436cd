-- A portal that forgot what it had signed for gets it again; the first receipt stays what the delivery log names, the
-- later ones stand beside it.
CREATE TABLE receipt_again (
    target {{key_text}} NOT NULL,
    outbox_seq BIGINT NOT NULL REFERENCES outbox (seq),
    accepted_at BIGINT NOT NULL,
    portal_id TEXT NOT NULL DEFAULT '',
    body {{bytes}} NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (target, outbox_seq, received_at)
);
ALTER TABLE receipt ADD COLUMN accepted_again_at BIGINT;
CREATE INDEX receipt_by_acceptance ON receipt (target, COALESCE(accepted_again_at, accepted_at));

-- The portal's clock minus ours, in seconds.
ALTER TABLE target_state ADD COLUMN skew BIGINT;

-- Comparisons of what was delivered with what the portal has.
CREATE TABLE reconciliation (
    id BIGINT PRIMARY KEY,
    target {{key_text}} NOT NULL REFERENCES target (name),
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    ended_at BIGINT,
    compared BIGINT NOT NULL DEFAULT 0,
    requests BIGINT NOT NULL DEFAULT 0,
    findings BIGINT NOT NULL DEFAULT 0,
    fault TEXT NOT NULL DEFAULT ''
);
CREATE INDEX reconciliation_by_target ON reconciliation (target, kind, id);

CREATE TABLE reconciliation_finding (
    target {{key_text}} NOT NULL REFERENCES target (name),
    idempotency_key {{key_text}} NOT NULL,
    kind TEXT NOT NULL,
    outbox_seq BIGINT REFERENCES outbox (seq),
    org_id {{key_text}},
    detail TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    closed_at BIGINT,
    closed_because TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (target, idempotency_key, kind)
);
CREATE INDEX reconciliation_finding_open ON reconciliation_finding (target, closed_at);
CREATE INDEX reconciliation_finding_by_delivery ON reconciliation_finding (target, outbox_seq);
