-- What was delivered, as a list that only grows (RFC 9162): numbers from 0 without gaps, in commit order.
CREATE TABLE delivery_log (
    seq BIGINT PRIMARY KEY,
    target {{key_text}} NOT NULL,
    outbox_seq BIGINT NOT NULL REFERENCES outbox (seq),
    entry TEXT NOT NULL,
    UNIQUE (target, outbox_seq)
);

-- Hashes of its complete subtrees.
CREATE TABLE delivery_log_node (
    level BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hash {{bytes}} NOT NULL,
    PRIMARY KEY (level, position)
);

-- Roots that were signed: notes as C2SP tlog-checkpoint writes them, with the signatures of witnesses beneath.
CREATE TABLE delivery_log_checkpoint (
    size BIGINT PRIMARY KEY,
    root {{bytes}} NOT NULL,
    note TEXT NOT NULL,
    signed_at BIGINT NOT NULL
);
