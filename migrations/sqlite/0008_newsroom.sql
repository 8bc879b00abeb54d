-- The newsroom: review, schedule, bin, the lists of the back office, and where pictures are used.

-- Who began it. None: it was imported.
ALTER TABLE article ADD COLUMN author_id BIGINT;
-- Whether its review is over; it then waits to be published.
ALTER TABLE article ADD COLUMN approved INTEGER NOT NULL DEFAULT 0 CHECK (approved IN (0, 1));
-- What the reviewer said when it was last sent back.
ALTER TABLE article ADD COLUMN remark TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN discarded_at BIGINT;
-- The text that goes out at publish_at.
ALTER TABLE article ADD COLUMN scheduled_revision_id BIGINT REFERENCES revision (id);
-- When something that was due last failed; it is tried again.
ALTER TABLE article ADD COLUMN clock_failed_at BIGINT;
-- When anybody last did something to it, and the working copy's category: what the back office lists by.
ALTER TABLE article ADD COLUMN touched_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN desk_category_id BIGINT;
UPDATE article SET
    touched_at = COALESCE((SELECT saved_at FROM working_copy WHERE article_id = article.id), created_at),
    desk_category_id = (SELECT category_id FROM working_copy WHERE article_id = article.id),
    author_id = (SELECT MIN(member_id) FROM event WHERE article_id = article.id AND kind = 'created');
CREATE INDEX article_touched ON article (touched_at DESC, id DESC) WHERE discarded_at IS NULL;
CREATE INDEX article_live ON article (live, touched_at DESC, id DESC) WHERE discarded_at IS NULL;
CREATE INDEX article_working ON article (working, approved, touched_at DESC, id DESC) WHERE discarded_at IS NULL;
CREATE INDEX article_discarded ON article (touched_at DESC, id DESC) WHERE discarded_at IS NOT NULL;
CREATE INDEX article_author ON article (author_id, touched_at DESC, id DESC) WHERE discarded_at IS NULL;
CREATE INDEX article_desk_category ON article (desk_category_id, touched_at DESC, id DESC) WHERE discarded_at IS NULL;

CREATE INDEX article_any_category ON article (category_id);
CREATE INDEX working_copy_category ON working_copy (category_id);

-- The time at which a revision was to go out by itself.
ALTER TABLE revision ADD COLUMN planned_at BIGINT;

-- Which media a working copy names, as revision_media does for revisions.
CREATE TABLE working_media (
    article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    media_id TEXT NOT NULL,
    PRIMARY KEY (article_id, media_id)
);
CREATE INDEX working_media_media ON working_media (media_id);
INSERT INTO working_media (article_id, media_id)
    SELECT article.id, revision_media.media_id FROM article
    JOIN working_copy ON working_copy.article_id = article.id AND working_copy.unpublished = 0
    JOIN revision_media ON revision_media.revision_id = article.live_revision_id;
INSERT INTO working_media (article_id, media_id)
    SELECT working_copy.article_id, media.id FROM working_copy JOIN media
    ON working_copy.body LIKE '%' || media.id || '%' OR working_copy.share_media_id = media.id
    OR working_copy.lead_media_id = media.id WHERE working_copy.unpublished = 1;

CREATE INDEX working_copy_unpublished ON working_copy (article_id) WHERE unpublished = 1;

-- Who has an article open, and when they last said so.
CREATE TABLE editing (
    article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (article_id, member_id)
);

-- Revisions name categories for ever, so one that is gone keeps its row: merged into another, or only removed.
ALTER TABLE category ADD COLUMN merged_into BIGINT;
ALTER TABLE category ADD COLUMN removed_at BIGINT;
-- A name that a tag had once: texts that still hold it mean the tag that it was merged into.
ALTER TABLE tag ADD COLUMN merged_into BIGINT;
CREATE INDEX tag_merged ON tag (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX event_member ON event (member_id, id) WHERE member_id IS NOT NULL;
CREATE INDEX event_kind ON event (kind, id);
CREATE INDEX redirect_target ON redirect (target) WHERE target IS NOT NULL;
