-- Tracing walks from events to things as often as from things to events.
DROP INDEX event_identifier_by_event;
CREATE INDEX event_identifier_by_event ON event_identifier (event_seq, role, identifier_id);
CREATE INDEX event_declared_wrong ON event (event_id) WHERE error_declared_at IS NOT NULL;

-- A recall or a drill of one (kind: real, drill; the monthly one of the program itself is automatic). `scope` and
-- `subject`: what was chosen; `state`: draft, published, closed, cancelled. `findings`: customers and missing links as
-- they were when it was traced (JSON); `score`: percent of lots known one step back and one step forward.
CREATE TABLE recall_case (
    id {{key_text}} PRIMARY KEY,
    number {{key_text}} NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    automatic BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    reason TEXT NOT NULL,
    notice TEXT NOT NULL,
    findings TEXT NOT NULL DEFAULT '{}',
    score BIGINT NOT NULL DEFAULT 0,
    trace_micros BIGINT NOT NULL DEFAULT 0,
    conclusion TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    created_by {{key_text}} NOT NULL,
    drafted_by {{key_text}} NOT NULL,
    published_at BIGINT,
    published_by {{key_text}},
    closed_at BIGINT
);

CREATE INDEX recall_case_by_time ON recall_case (created_at);
CREATE INDEX recall_case_open ON recall_case (state, created_at);

-- One affected lot with what its firm says became of it. `included`: the officer left it in. Figures are in `unit`.
CREATE TABLE recall_lot (
    case_id {{key_text}} NOT NULL REFERENCES recall_case (id),
    batch_id {{key_text}} NOT NULL REFERENCES batch (id),
    org_id {{key_text}} NOT NULL,
    depth BIGINT NOT NULL,
    included BIGINT NOT NULL DEFAULT 1,
    published_at BIGINT,
    unit TEXT NOT NULL DEFAULT '',
    made DOUBLE PRECISION,
    sold DOUBLE PRECISION,
    in_stock DOUBLE PRECISION,
    returned DOUBLE PRECISION,
    destroyed DOUBLE PRECISION,
    note TEXT NOT NULL DEFAULT '',
    acknowledged_at BIGINT,
    acknowledged_by {{key_text}},
    ended_at BIGINT,
    ended_by {{key_text}},
    ended_reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (case_id, batch_id)
);

CREATE INDEX recall_lot_by_batch ON recall_lot (batch_id);
CREATE INDEX recall_lot_by_org ON recall_lot (org_id, case_id);

-- The stop-watch: what was done when and by whom.
CREATE TABLE recall_step (
    case_id {{key_text}} NOT NULL REFERENCES recall_case (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_subject {{key_text}} NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (case_id, number)
);
