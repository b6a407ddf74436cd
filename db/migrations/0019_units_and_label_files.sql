-- A unit's code is printed, activated, shipped, sold, void. Units that were printed before these states existed are on
-- packs already.
ALTER TABLE printed_code ADD COLUMN status_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE printed_code ADD COLUMN changed_at BIGINT;
UPDATE printed_code SET status = 'activated' WHERE kind = 'unit' AND status = 'active';

-- What was printed and never activated, by enterprise.
CREATE INDEX printed_code_waiting ON printed_code (org_id, label_job_id) WHERE status = 'printed';

-- A job draws its file in the background: held (a test label comes first), queued, running, done, failed, cancelled.
-- Jobs from before have no file; it is made again when somebody asks. `source_id`: the job whose codes it prints, when
-- it is a test label or a reprint; `content`: what stands on the labels, kept so that the same job gives the same bytes.
ALTER TABLE label_job ADD COLUMN purpose TEXT NOT NULL DEFAULT 'print';
ALTER TABLE label_job ADD COLUMN source_id {{key_text}};
ALTER TABLE label_job ADD COLUMN first_label BIGINT NOT NULL DEFAULT 1;
ALTER TABLE label_job ADD COLUMN reprint BIGINT NOT NULL DEFAULT 0;
ALTER TABLE label_job ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE label_job ADD COLUMN state TEXT NOT NULL DEFAULT 'done';
ALTER TABLE label_job ADD COLUMN fault TEXT NOT NULL DEFAULT '';
ALTER TABLE label_job ADD COLUMN content TEXT NOT NULL DEFAULT '';
ALTER TABLE label_job ADD COLUMN labels_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE label_job ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE label_job ADD COLUMN file_size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE label_job ADD COLUMN file_until BIGINT;
ALTER TABLE label_job ADD COLUMN queued_at BIGINT;
ALTER TABLE label_job ADD COLUMN finished_at BIGINT;

CREATE INDEX label_job_open ON label_job (queued_at, id) WHERE state = 'queued' OR state = 'running';
CREATE INDEX label_job_by_org ON label_job (org_id, created_at, id);
CREATE INDEX label_job_by_source ON label_job (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX label_job_with_file ON label_job (file_until) WHERE file_until IS NOT NULL;

-- The file of a job as it was drawn, piece by piece.
CREATE TABLE label_file_piece (
    job_id {{key_text}} NOT NULL REFERENCES label_job (id),
    number BIGINT NOT NULL,
    bytes {{bytes}} NOT NULL,
    PRIMARY KEY (job_id, number)
);
