-- For whom a session acts when its person may act for several: NULL until chosen, empty for the province.
ALTER TABLE session ADD COLUMN org_id {{key_text}};
