-- Catalogues of portals (product groups, units, communes, …) as they were fetched. `revision` counts every change of a
-- portal's entries or of what is matched to them, because records may be held for want of one.
CREATE TABLE portal_catalogue_sync (
    target {{key_text}} PRIMARY KEY,
    revision BIGINT NOT NULL,
    asked_at BIGINT,
    synced_at BIGINT,
    failed_at BIGINT,
    fault TEXT NOT NULL DEFAULT ''
);

CREATE TABLE portal_catalogue (
    target {{key_text}} NOT NULL,
    catalogue {{key_text}} NOT NULL,
    version BIGINT NOT NULL,
    absent BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    removed BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    checked_at BIGINT NOT NULL,
    PRIMARY KEY (target, catalogue)
);

-- An entry as it stood from one version of its catalogue until another; nothing is overwritten.
CREATE TABLE portal_catalogue_entry (
    target {{key_text}} NOT NULL,
    catalogue {{key_text}} NOT NULL,
    code {{key_text}} NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    parent TEXT NOT NULL,
    since_version BIGINT NOT NULL,
    until_version BIGINT,
    PRIMARY KEY (target, catalogue, code, since_version)
);

-- Which entry stands for a value of ours, as a person decided.
CREATE TABLE portal_catalogue_match (
    target {{key_text}} NOT NULL,
    catalogue {{key_text}} NOT NULL,
    value {{key_text}} NOT NULL,
    code {{key_text}} NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    PRIMARY KEY (target, catalogue, value)
);

-- Values of ours that records were held for.
CREATE TABLE portal_catalogue_gap (
    target {{key_text}} NOT NULL,
    catalogue {{key_text}} NOT NULL,
    value {{key_text}} NOT NULL,
    found_at BIGINT NOT NULL,
    PRIMARY KEY (target, catalogue, value)
);
