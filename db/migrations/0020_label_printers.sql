-- An enterprise's printers and what each does wrong: millimetres it prints too far left or high, and how much too small.
-- `language` is empty for an office printer, which gets PDF.
CREATE TABLE label_printer (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    dpi BIGINT NOT NULL,
    offset_x DOUBLE PRECISION NOT NULL,
    offset_y DOUBLE PRECISION NOT NULL,
    scale_x DOUBLE PRECISION NOT NULL,
    scale_y DOUBLE PRECISION NOT NULL,
    darkness BIGINT,
    speed BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX label_printer_by_org ON label_printer (org_id, created_at);

-- Sheets and rolls that an enterprise measured itself; `grid` is JSON, lengths in millimetres.
CREATE TABLE label_stock (
    id {{key_text}} PRIMARY KEY,
    org_id {{key_text}} NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    grid TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX label_stock_by_org ON label_stock (org_id, created_at);
