-- Labels that an enterprise drew up itself; `design` is JSON: symbols, lines of text, a line of its own. Jobs copy it.
CREATE TABLE label_design (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    design TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX label_design_by_org ON label_design (org_id, created_at);
