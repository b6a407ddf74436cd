-- What a portal takes: " event batch ", empty for every record type; and whether products wait for what it demands.
ALTER TABLE target ADD COLUMN record_types TEXT NOT NULL DEFAULT '';
ALTER TABLE target ADD COLUMN complete_products BIGINT NOT NULL DEFAULT 1;
