-- One row: what this installation is. One installation serves one province.
CREATE TABLE installation (
    id {{key_text}} PRIMARY KEY,
    province_code {{key_text}} NOT NULL,
    public_url TEXT NOT NULL,
    illustrative BIGINT NOT NULL DEFAULT 0,
    sync_paused BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

-- Hosts that stand in printed codes; they answer for ever.
CREATE TABLE public_host (
    host {{key_text}} PRIMARY KEY,
    since BIGINT NOT NULL
);

-- Gap-free numbers in commit order: 'event', 'outbox', 'identifier', 'audit'.
CREATE TABLE counter (
    name {{key_text}} PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Files. The record that cites one decides who may read it.
CREATE TABLE blob (
    sha256 {{key_text}} PRIMARY KEY,
    media_type TEXT NOT NULL,
    bytes {{bytes}},
    size BIGINT NOT NULL,
    personal BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    erased_at BIGINT
);

CREATE TABLE blob_use (
    sha256 {{key_text}} NOT NULL REFERENCES blob (sha256),
    org_id {{key_text}} NOT NULL,
    kind TEXT NOT NULL,
    entity_id {{key_text}} NOT NULL,
    visibility TEXT NOT NULL,
    PRIMARY KEY (sha256, kind, entity_id)
);

-- Catalogues of the state. Codes change again and again, hence the validity.
CREATE TABLE province (
    code {{key_text}} PRIMARY KEY,
    name TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT
);

CREATE TABLE commune (
    code {{key_text}} PRIMARY KEY,
    province_code {{key_text}} NOT NULL REFERENCES province (code),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    valid_from TEXT NOT NULL,
    valid_to TEXT
);

-- Which unit an older one became: a province of before 01/07/2025, later also communes from the operator's file.
CREATE TABLE area_succession (
    former_kind TEXT NOT NULL,
    former_name {{key_text}} NOT NULL,
    former_code {{key_text}} NOT NULL DEFAULT '',
    successor_code {{key_text}} NOT NULL,
    valid_from TEXT NOT NULL,
    PRIMARY KEY (former_kind, former_name, successor_code)
);

CREATE TABLE product_group (
    code {{key_text}} PRIMARY KEY,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    template TEXT NOT NULL,
    hs_code TEXT NOT NULL DEFAULT '',
    position BIGINT NOT NULL
);
