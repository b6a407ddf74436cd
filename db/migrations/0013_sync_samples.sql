-- Of each minute and target: what waited at its end, what was delivered in it, and how long that had taken (numbers of
-- records by class of time). `log_size` is where the next one goes on in the delivery log.
CREATE TABLE sync_sample (
    target {{key_text}} NOT NULL,
    at BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    lags TEXT NOT NULL,
    log_size BIGINT NOT NULL,
    PRIMARY KEY (target, at)
);
