-- What was recorded, never changed afterwards: one row per version of an organization, place, product, batch or
-- certificate. `fields` and `marks` are canonical JSON without personal data.
CREATE TABLE record_version (
    record_id {{key_text}} NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    org_id {{key_text}} NOT NULL,
    fields TEXT NOT NULL,
    marks TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by {{key_text}} NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (record_id, version)
);

CREATE INDEX record_version_by_org ON record_version (org_id, kind, recorded_at);

-- Which version became public when, and by whose decision. The state at a time is the newest row not after it.
CREATE TABLE publication (
    record_id {{key_text}} NOT NULL,
    published_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    decided_by {{key_text}} NOT NULL,
    PRIMARY KEY (record_id, published_at)
);

-- Heads: the columns that queries need, as of the latest version.
CREATE TABLE organization (
    id {{key_text}} PRIMARY KEY,
    latest_version BIGINT NOT NULL,
    public_version BIGINT,
    status TEXT NOT NULL,
    status_reason TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key {{bytes}} NOT NULL,
    tax_code {{key_text}} UNIQUE,
    commune_code {{key_text}} NOT NULL DEFAULT '',
    tax_person_id {{key_text}} REFERENCES person (id),
    contact_person_id {{key_text}} REFERENCES person (id),
    illustrative BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    decided_at BIGINT
);

CREATE INDEX organization_by_status ON organization (status, submitted_at);

CREATE TABLE place (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    latest_version BIGINT NOT NULL,
    public_version BIGINT,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    code {{key_text}} NOT NULL,
    gln {{key_text}},
    commune_code {{key_text}} NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    UNIQUE (org_id, code)
);

CREATE TABLE product (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    latest_version BIGINT NOT NULL,
    public_version BIGINT,
    status TEXT NOT NULL,
    status_reason TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    sort_key {{bytes}} NOT NULL,
    code {{key_text}} NOT NULL,
    gtin {{key_text}},
    group_code {{key_text}} NOT NULL,
    mandatory BIGINT NOT NULL DEFAULT 0,
    missing TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    decided_at BIGINT,
    UNIQUE (org_id, code)
);

CREATE INDEX product_by_org ON product (org_id, created_at);
CREATE INDEX product_by_status ON product (status, submitted_at);

-- One live claim per GTIN in the installation.
CREATE TABLE gtin_claim (
    gtin {{key_text}} PRIMARY KEY,
    product_id {{key_text}} NOT NULL REFERENCES product (id),
    claimed_at BIGINT NOT NULL
);

CREATE TABLE batch (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    product_id {{key_text}} NOT NULL REFERENCES product (id),
    lot {{key_text}} NOT NULL,
    latest_version BIGINT NOT NULL,
    public_version BIGINT,
    status TEXT NOT NULL,
    status_reason TEXT NOT NULL DEFAULT '',
    code {{key_text}} NOT NULL UNIQUE,
    made_on TEXT,
    expires_on TEXT,
    printed_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (product_id, lot)
);

CREATE INDEX batch_by_org ON batch (org_id, created_at);

CREATE TABLE certificate (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    latest_version BIGINT NOT NULL,
    public_version BIGINT,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    product_id {{key_text}} REFERENCES product (id),
    place_id {{key_text}} REFERENCES place (id),
    valid_from TEXT,
    valid_to TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX certificate_by_org ON certificate (org_id, valid_to);
CREATE INDEX certificate_by_product ON certificate (product_id);

CREATE TABLE label_job (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    batch_id {{key_text}} NOT NULL REFERENCES batch (id),
    kind TEXT NOT NULL,
    stock TEXT NOT NULL,
    first_position BIGINT NOT NULL,
    count BIGINT NOT NULL,
    public_url TEXT NOT NULL,
    specimen BIGINT NOT NULL,
    pdf_sha256 TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    created_by {{key_text}} NOT NULL
);

CREATE INDEX label_job_by_batch ON label_job (batch_id, created_at);

-- The 12 characters printed on a pack: of one unit, or of a whole lot. Codes never die.
CREATE TABLE printed_code (
    code {{key_text}} PRIMARY KEY,
    kind TEXT NOT NULL,
    org_id {{key_text}} NOT NULL,
    batch_id {{key_text}} NOT NULL REFERENCES batch (id),
    label_job_id {{key_text}},
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX printed_code_by_batch ON printed_code (batch_id, code);
CREATE INDEX printed_code_by_job ON printed_code (label_job_id, code);

-- All spellings of one thing (EPC URN, Digital Link, urn:uuid) share one number; event index rows hold the number.
CREATE TABLE identifier (
    uri {{key_text}} PRIMARY KEY,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    entity_id {{key_text}}
);

CREATE INDEX identifier_by_id ON identifier (id);
CREATE INDEX identifier_by_entity ON identifier (entity_id);
