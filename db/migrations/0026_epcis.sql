-- What queries look for (core/epcis/query_terms): digests of statements about an event, ordered by when it happened.
-- `org` is a digest of the organization, so that a walk leaves out what others recorded without looking at events.
-- only: sqlite
CREATE TABLE event_term (
    term BIGINT NOT NULL,
    event_time BIGINT NOT NULL,
    event_seq BIGINT NOT NULL,
    org BIGINT NOT NULL,
    PRIMARY KEY (term, event_time, event_seq, org)
) WITHOUT ROWID;

-- only: postgres
CREATE TABLE event_term (
    term BIGINT NOT NULL,
    event_time BIGINT NOT NULL,
    event_seq BIGINT NOT NULL,
    org BIGINT NOT NULL,
    PRIMARY KEY (term, event_time, event_seq, org)
);

-- The distinct business steps, dispositions and places of an organization's events, canonical.
CREATE TABLE event_value (
    org_id {{key_text}} NOT NULL,
    kind {{key_text}} NOT NULL,
    value {{key_text}} NOT NULL,
    PRIMARY KEY (org_id, kind, value)
);

CREATE INDEX event_value_by_kind ON event_value (kind, value, org_id);

-- Events below this number have no terms yet; without a row every event has its own.
CREATE TABLE event_term_gap (
    below BIGINT NOT NULL
);

INSERT INTO event_term_gap (below) SELECT seq + 1 FROM event ORDER BY seq DESC LIMIT 1;

UPDATE capture SET event_count = held.events
FROM (SELECT capture_id, count(*) AS events FROM event GROUP BY capture_id) held
WHERE held.capture_id = capture.id;

CREATE INDEX event_by_org_time ON event (org_id, event_time, seq);
CREATE INDEX event_by_org_record_time ON event (org_id, record_time, seq);
CREATE INDEX event_by_record_time ON event (record_time, seq);
DROP INDEX event_by_biz_step;
