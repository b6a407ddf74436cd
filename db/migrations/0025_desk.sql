-- A household is told from another by its owner's number, for instance when a list of firms is imported twice.
CREATE INDEX person_detail_identity ON person_detail (identity_number) WHERE identity_number <> '';
CREATE INDEX organization_tax_person ON organization (tax_person_id);
