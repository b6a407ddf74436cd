-- A person is an opaque number everywhere else, so that erasing the detail breaks no hash and no history.
CREATE TABLE person (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}},
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    erased_at BIGINT
);

-- Personal data; erasable.
CREATE TABLE person_detail (
    person_id {{key_text}} PRIMARY KEY REFERENCES person (id),
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    sort_key {{bytes}} NOT NULL,
    phone TEXT NOT NULL DEFAULT '',
    identity_number TEXT NOT NULL DEFAULT '',
    consent_public BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX person_by_org ON person (org_id, kind);

-- A member household of a co-operative with its plots; the name lies in person_detail.
CREATE TABLE plot (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL,
    person_id {{key_text}} NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    area_ha TEXT NOT NULL DEFAULT '',
    commune_code {{key_text}} NOT NULL DEFAULT '',
    growing_area_code TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);

CREATE INDEX plot_by_org ON plot (org_id, person_id);

-- Sign-in of a person; personal, erasable.
CREATE TABLE account (
    person_id {{key_text}} PRIMARY KEY REFERENCES person (id),
    login {{key_text}} NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    password_changed_at BIGINT NOT NULL,
    must_change BIGINT NOT NULL DEFAULT 0,
    disabled_at BIGINT,
    language TEXT NOT NULL DEFAULT 'vi'
);

-- Who may do what, for whom, where, since when and by whose word. The subject is a person or a key.
CREATE TABLE role_grant (
    id {{key_text}} PRIMARY KEY,
    subject_id {{key_text}} NOT NULL,
    role TEXT NOT NULL,
    org_id {{key_text}},
    area {{key_text}},
    scopes TEXT NOT NULL DEFAULT '',
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,
    granted_by {{key_text}} NOT NULL
);

CREATE INDEX role_grant_by_subject ON role_grant (subject_id);

CREATE TABLE session (
    token_sha256 {{key_text}} PRIMARY KEY,
    person_id {{key_text}} NOT NULL REFERENCES person (id),
    csrf_token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX session_by_person ON session (person_id);

CREATE TABLE api_key (
    id {{key_text}} PRIMARY KEY,
    key_sha256 {{key_text}} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    used_at BIGINT
);

-- A slip with a one-time code that an officer prints: it invites, or lets a person set a new password.
CREATE TABLE invitation (
    code_sha256 {{key_text}} PRIMARY KEY,
    kind TEXT NOT NULL,
    org_id {{key_text}},
    person_id {{key_text}},
    role TEXT NOT NULL DEFAULT '',
    area {{key_text}},
    issued_by {{key_text}} NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- Failed tries per bucket (an account or an address range, hashed), for throttling.
CREATE TABLE throttle (
    bucket {{key_text}} PRIMARY KEY,
    window_start BIGINT NOT NULL,
    tries BIGINT NOT NULL
);
