-- Plans of the productivity-and-quality programme as they were loaded; a newer file of a plan is a newer version.
CREATE TABLE programme_plan (
    id {{key_text}} PRIMARY KEY,
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    loaded_at BIGINT NOT NULL,
    loaded_by {{key_text}} NOT NULL
);

-- Evidence. Never deleted: withdrawn with a reason, or replaced by a corrected one. `once_key` says what may stand only
-- once and is given up by withdrawing. A person's name stands in person_detail.
CREATE TABLE programme_record (
    id {{key_text}} PRIMARY KEY,
    plan_id {{key_text}} NOT NULL REFERENCES programme_plan (id),
    kind TEXT NOT NULL,
    item TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL,
    org_id {{key_text}} REFERENCES organization (id),
    org_name TEXT NOT NULL DEFAULT '',
    org_kind TEXT NOT NULL DEFAULT '',
    tax_code {{key_text}} NOT NULL DEFAULT '',
    commune_code {{key_text}} NOT NULL DEFAULT '',
    person_id {{key_text}} REFERENCES person (id),
    parent_id {{key_text}} REFERENCES programme_record (id),
    task_id TEXT NOT NULL DEFAULT '',
    happened_on TEXT NOT NULL,
    valid_to TEXT,
    amount DOUBLE PRECISION NOT NULL,
    once_key {{key_text}},
    recorded_at BIGINT NOT NULL,
    recorded_by {{key_text}} NOT NULL,
    replaces_id {{key_text}} REFERENCES programme_record (id),
    withdrawn_at BIGINT,
    withdrawn_by {{key_text}},
    withdrawn_reason TEXT NOT NULL DEFAULT '',
    UNIQUE (plan_id, once_key)
);

CREATE INDEX programme_record_by_plan ON programme_record (plan_id, happened_on);
CREATE INDEX programme_record_by_org ON programme_record (org_id);

CREATE TABLE programme_file (
    record_id {{key_text}} NOT NULL REFERENCES programme_record (id),
    position BIGINT NOT NULL,
    sha256 {{key_text}} NOT NULL REFERENCES blob (sha256),
    name TEXT NOT NULL,
    PRIMARY KEY (record_id, position)
);

-- How far a task of a plan is; what was done for it stands in programme_record.
CREATE TABLE programme_task (
    plan_id {{key_text}} NOT NULL REFERENCES programme_plan (id),
    task_id {{key_text}} NOT NULL,
    status TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    changed_at BIGINT NOT NULL,
    changed_by {{key_text}} NOT NULL,
    PRIMARY KEY (plan_id, task_id)
);

-- What organizations ask for in a year, with their estimate in VND; the officer selects.
CREATE TABLE programme_need (
    id {{key_text}} PRIMARY KEY,
    plan_id {{key_text}} NOT NULL REFERENCES programme_plan (id),
    year BIGINT NOT NULL,
    item TEXT NOT NULL,
    detail TEXT NOT NULL,
    estimate BIGINT NOT NULL,
    org_id {{key_text}} REFERENCES organization (id),
    org_name TEXT NOT NULL,
    org_kind TEXT NOT NULL DEFAULT '',
    tax_code {{key_text}} NOT NULL DEFAULT '',
    commune_code {{key_text}} NOT NULL DEFAULT '',
    org_key {{key_text}} NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by {{key_text}} NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    decided_at BIGINT,
    decided_by {{key_text}},
    UNIQUE (plan_id, year, org_key, item)
);

CREATE INDEX programme_need_by_org ON programme_need (org_id);

-- Figures as they were reported, with every line behind them.
CREATE TABLE programme_snapshot (
    id {{key_text}} PRIMARY KEY,
    plan_id {{key_text}} NOT NULL REFERENCES programme_plan (id),
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by {{key_text}} NOT NULL,
    figures TEXT NOT NULL
);

CREATE INDEX programme_snapshot_by_plan ON programme_snapshot (plan_id, made_at);
