-- What only a fixed page's card says, and how often its text changed: a form that was open meanwhile knows an older one.
ALTER TABLE page ADD COLUMN share_title TEXT NOT NULL DEFAULT '';
ALTER TABLE page ADD COLUMN moments_title TEXT NOT NULL DEFAULT '';
ALTER TABLE page ADD COLUMN share_text TEXT NOT NULL DEFAULT '';
ALTER TABLE page ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Where a picture is used is told in the order of the pages.
DROP INDEX page_media_media;
CREATE INDEX page_media_media ON page_media (media_id, page_slug);
