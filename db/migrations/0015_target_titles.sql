-- What people call a portal; empty: after its adapter.
ALTER TABLE target ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE portal_connection ADD COLUMN title TEXT NOT NULL DEFAULT '';
