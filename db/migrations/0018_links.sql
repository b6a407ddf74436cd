-- Whose a GS1 key is, as far as links of it are concerned: the organization's that has the product or place of that
-- number, else that of the first who kept a link of it.
CREATE TABLE link_key (
    link_key {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    claimed_at BIGINT NOT NULL
);

-- Where the codes of a thing lead besides its page here. `anchor` is the canonical path of key and qualifiers,
-- "/01/08938505974019/10/L1"; `link_key` that of the key alone.
CREATE TABLE code_link (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    link_key {{key_text}} NOT NULL REFERENCES link_key (link_key),
    anchor {{key_text}} NOT NULL,
    type {{key_text}} NOT NULL,
    language TEXT NOT NULL,
    media_type TEXT NOT NULL,
    context TEXT NOT NULL,
    href TEXT NOT NULL,
    title TEXT NOT NULL,
    is_default BIGINT NOT NULL,
    fwqs BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX code_link_by_anchor ON code_link (anchor);
CREATE INDEX code_link_by_key ON code_link (link_key);
CREATE INDEX code_link_by_org ON code_link (org_id, anchor, created_at);
