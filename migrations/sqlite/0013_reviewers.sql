-- Who handed a text in last, and who passed its first and second stage since: the next stage is another person's.
ALTER TABLE article ADD COLUMN submitter_id BIGINT;
ALTER TABLE article ADD COLUMN first_reviewer_id BIGINT;
ALTER TABLE article ADD COLUMN second_reviewer_id BIGINT;
-- A text in review that a reviewer changed.
ALTER TABLE revision ADD COLUMN amended INTEGER NOT NULL DEFAULT 0 CHECK (amended IN (0, 1));
