-- Clocks that the law or the province sets, as data: how long, counted how, by which rule.
CREATE TABLE deadline (
    name {{key_text}} PRIMARY KEY,
    amount BIGINT NOT NULL,
    unit TEXT NOT NULL, -- hours, days, working_days
    basis TEXT NOT NULL,
    changed_at BIGINT NOT NULL DEFAULT 0
);

INSERT INTO deadline (name, amount, unit, basis) VALUES
    ('complaint_answer', 2, 'working_days', 'Quy chế của tỉnh: báo cho người phản ánh biết ai đang xem'),
    ('complaint_settlement', 15, 'days', 'Quy chế của tỉnh: giải quyết xong phản ánh'),
    ('firm_explanation', 24, 'hours', 'Thông tư 31/2026/TT-BCT: cơ sở giải trình trong 24 giờ'),
    ('personal_request', 2, 'working_days', 'Luật 91/2025/QH15, Nghị định 356/2025/NĐ-CP'),
    ('data_request', 24, 'hours', 'Thông tư 31/2026/TT-BCT: cung cấp dữ liệu trong 24 giờ');

-- Days that are not what the week makes of them: holidays, and Saturdays that are worked instead.
CREATE TABLE calendar_day (
    day {{key_text}} PRIMARY KEY,
    working BIGINT NOT NULL,
    name TEXT NOT NULL
);

-- Complaints become cases: received, verifying, handled, then answered (public) or closed (without an answer).
ALTER TABLE complaint ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN shown_on_product BIGINT NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN main_code {{key_text}};
ALTER TABLE complaint ADD COLUMN answer_due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN settle_due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN taken_up_at BIGINT;
ALTER TABLE complaint ADD COLUMN settled_at BIGINT;
ALTER TABLE complaint ADD COLUMN question TEXT NOT NULL DEFAULT ''; -- to the firm, in the officer's words
ALTER TABLE complaint ADD COLUMN firm_due_at BIGINT;
ALTER TABLE complaint ADD COLUMN firm_answered_at BIGINT;

CREATE INDEX complaint_by_org ON complaint (org_id, created_at);
CREATE INDEX complaint_by_product ON complaint (product_id, status);
CREATE INDEX complaint_by_main ON complaint (main_code);

-- What was done, in order. `seen_by`: office, firm (and office), everyone.
CREATE TABLE complaint_step (
    code {{key_text}} NOT NULL REFERENCES complaint (code),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id {{key_text}} NOT NULL,
    step TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    seen_by TEXT NOT NULL DEFAULT 'office',
    PRIMARY KEY (code, number)
);

-- Evidence of a case; `source`: reporter, firm, office.
CREATE TABLE complaint_file (
    code {{key_text}} NOT NULL REFERENCES complaint (code),
    sha256 {{key_text}} NOT NULL,
    source TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (code, sha256)
);

-- Cases of before today have their clocks counted from their beginning by the same defaults.
UPDATE complaint SET answer_due_at = created_at + 172800000000, settle_due_at = created_at + 1296000000000;
UPDATE complaint SET taken_up_at = changed_at WHERE status <> 'received';
UPDATE complaint SET settled_at = changed_at, status = 'answered', outcome = 'upheld' WHERE status = 'handled';
UPDATE complaint SET settled_at = changed_at WHERE status = 'closed';

-- What an inspection looks at. A list is never changed once it was used: another version is another row.
CREATE TABLE checklist (
    id {{key_text}} PRIMARY KEY,
    name TEXT NOT NULL,
    basis TEXT NOT NULL,
    sample BIGINT NOT NULL,
    content_sha256 {{key_text}} NOT NULL UNIQUE,
    added_at BIGINT NOT NULL,
    retired_at BIGINT
);

CREATE TABLE checklist_item (
    checklist_id {{key_text}} NOT NULL REFERENCES checklist (id),
    number BIGINT NOT NULL,
    part TEXT NOT NULL,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    hint TEXT NOT NULL DEFAULT '',
    weight TEXT NOT NULL, -- minor, major, critical
    PRIMARY KEY (checklist_id, number)
);

-- planned, open (being filled in), finished, settled (every corrective action done)
CREATE TABLE inspection (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    product_id {{key_text}},
    batch_id {{key_text}},
    place_id {{key_text}},
    checklist_id {{key_text}} NOT NULL REFERENCES checklist (id),
    inspector_id {{key_text}} NOT NULL,
    planned_on {{key_text}} NOT NULL,
    basis TEXT NOT NULL,
    purpose TEXT NOT NULL DEFAULT '',
    complaint_code {{key_text}},
    status TEXT NOT NULL,
    record_number {{key_text}} UNIQUE,
    started_at BIGINT,
    saved_at BIGINT,
    finished_at BIGINT,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    place_text TEXT NOT NULL DEFAULT '',
    present_id {{key_text}} REFERENCES person (id), -- who spoke for the firm; personal
    opinion TEXT NOT NULL DEFAULT '', -- of the firm
    finding TEXT NOT NULL DEFAULT '',
    conclusion TEXT NOT NULL DEFAULT '', -- compliant, minor, serious
    created_by {{key_text}} NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX inspection_by_org ON inspection (org_id, planned_on);
CREATE INDEX inspection_by_status ON inspection (status, planned_on);
CREATE INDEX inspection_by_end ON inspection (finished_at);

CREATE TABLE inspection_answer (
    inspection_id {{key_text}} NOT NULL REFERENCES inspection (id),
    number BIGINT NOT NULL,
    result TEXT NOT NULL, -- met, unmet, unfit
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (inspection_id, number)
);

-- Photographs; number 0 belongs to the whole.
CREATE TABLE inspection_file (
    inspection_id {{key_text}} NOT NULL REFERENCES inspection (id),
    number BIGINT NOT NULL,
    sha256 {{key_text}} NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (inspection_id, sha256)
);

CREATE TABLE inspection_action (
    inspection_id {{key_text}} NOT NULL REFERENCES inspection (id),
    number BIGINT NOT NULL,
    text TEXT NOT NULL,
    due_on {{key_text}} NOT NULL,
    done_at BIGINT,
    done_by {{key_text}},
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (inspection_id, number)
);

CREATE INDEX inspection_action_by_due ON inspection_action (due_on);

-- The display of a firm or product was suspended ("tạm dừng hiển thị") or its confirmation withdrawn ("hủy xác nhận").
CREATE TABLE sanction (
    id {{key_text}} PRIMARY KEY,
    kind TEXT NOT NULL, -- suspend, withdraw
    subject_kind TEXT NOT NULL, -- organization, product
    subject_id {{key_text}} NOT NULL,
    org_id {{key_text}} NOT NULL,
    inspection_id {{key_text}} REFERENCES inspection (id),
    reason TEXT NOT NULL,
    imposed_at BIGINT NOT NULL,
    imposed_by {{key_text}} NOT NULL,
    explain_due_at BIGINT NOT NULL,
    explanation TEXT NOT NULL DEFAULT '',
    explained_at BIGINT,
    lifted_at BIGINT,
    lifted_by {{key_text}},
    lift_reason TEXT NOT NULL DEFAULT ''
);

CREATE INDEX sanction_by_subject ON sanction (subject_id, lifted_at);
CREATE INDEX sanction_by_org ON sanction (org_id, imposed_at);

-- Somebody asks about their personal data. Words and ways to reach them are personal and lie apart.
CREATE TABLE personal_request (
    code {{key_text}} PRIMARY KEY,
    kind TEXT NOT NULL, -- access, correction, erasure, objection
    person_id {{key_text}} REFERENCES person (id),  -- who asks
    subject_id {{key_text}} REFERENCES person (id), -- whose data it is, once the desk found them
    status TEXT NOT NULL, -- received, answered, refused
    answer TEXT NOT NULL DEFAULT '',
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    answered_at BIGINT,
    answered_by {{key_text}}
);

CREATE INDEX personal_request_by_status ON personal_request (status, due_at);

CREATE TABLE personal_request_detail (
    code {{key_text}} PRIMARY KEY REFERENCES personal_request (code),
    text TEXT NOT NULL
);

-- An authority asks for everything about a lot.
CREATE TABLE data_request (
    id {{key_text}} PRIMARY KEY,
    batch_id {{key_text}} NOT NULL,
    org_id {{key_text}} NOT NULL,
    asked_by TEXT NOT NULL, -- the authority and its letter
    received_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    created_by {{key_text}} NOT NULL,
    made_at BIGINT,
    made_by {{key_text}},
    file_sha256 TEXT NOT NULL DEFAULT '',
    file_bytes BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX data_request_by_due ON data_request (made_at, due_at);

-- A refused delivery is discarded by two: one asks, another confirms.
CREATE TABLE discard_request (
    target {{key_text}} NOT NULL,
    seq BIGINT NOT NULL,
    reason TEXT NOT NULL,
    asked_by {{key_text}} NOT NULL,
    asked_at BIGINT NOT NULL,
    confirmed_by {{key_text}},
    confirmed_at BIGINT,
    PRIMARY KEY (target, seq)
);
