-- Who passed the first and the second stage of a text since it was last handed in: the next stage is another person's.
ALTER TABLE article ADD COLUMN first_reviewer_id BIGINT;
ALTER TABLE article ADD COLUMN second_reviewer_id BIGINT;
