-- What readers are told about a text that was wrong (更正). Only ever added to: a corrected article stays, too.
CREATE TABLE correction (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    article_id BIGINT NOT NULL REFERENCES article (id),
    at BIGINT NOT NULL,
    notice TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('system', 'import', 'member')),
    member_id BIGINT,
    CHECK ((actor = 'member') = (member_id IS NOT NULL))
);
CREATE INDEX correction_article ON correction (article_id, id DESC);

CREATE TRIGGER correction_is_append_only_update BEFORE UPDATE ON correction
BEGIN
    SELECT RAISE(ABORT, 'a correction is never changed');
END;
CREATE TRIGGER correction_is_append_only_delete BEFORE DELETE ON correction
BEGIN
    SELECT RAISE(ABORT, 'a correction is never deleted');
END;

-- Fixed pages: about us, contact, and the like.
CREATE TABLE page (
    slug TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    position BIGINT NOT NULL,
    in_footer INTEGER NOT NULL DEFAULT 1 CHECK (in_footer IN (0, 1)),
    modified_at BIGINT NOT NULL,
    external_id TEXT UNIQUE,
    import_hash TEXT,
    body TEXT NOT NULL DEFAULT ''
);
CREATE INDEX page_order ON page (in_footer, position, slug);

-- Which media a page names, as revision_media does for articles.
CREATE TABLE page_media (
    page_slug TEXT NOT NULL REFERENCES page (slug) ON DELETE CASCADE,
    media_id TEXT NOT NULL,
    PRIMARY KEY (page_slug, media_id)
);
CREATE INDEX page_media_media ON page_media (media_id);

-- Only what a category's list walks along. Articles without a category are left out, so that no statement without one
-- can take this index for the one of all dates.
DROP INDEX article_category;
CREATE INDEX article_category ON article (category_id, published_at DESC, id DESC)
    WHERE live = 'published' AND category_id IS NOT NULL;
