-- Keys of the check in labels' addresses (k=), sealed like the secrets of connections. `id` is the first character of
-- every check that was made with the key; keys are never taken away, because labels last.
CREATE TABLE label_check_key (
    id {{key_text}} PRIMARY KEY,
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
