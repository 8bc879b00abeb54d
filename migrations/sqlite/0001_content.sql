-- Articles, what they belong to, and what happened to them. The same tables as in ../postgres.

CREATE TABLE site_setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- One row: every change that readers can see adds one, and each process watches it.
CREATE TABLE site_version (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL
);
INSERT INTO site_version (id, number) VALUES (1, 1);

CREATE TABLE category (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- The name as it is compared: lower case, white space collapsed.
    folded TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL DEFAULT '',
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE tag (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE media (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'gif')),
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    animated INTEGER NOT NULL DEFAULT 0 CHECK (animated IN (0, 1)),
    shareable INTEGER NOT NULL DEFAULT 0 CHECK (shareable IN (0, 1)),
    -- The names of the files made from it, as a JSON array.
    renditions TEXT NOT NULL,
    alt TEXT NOT NULL DEFAULT '',
    caption TEXT NOT NULL DEFAULT '',
    credit TEXT NOT NULL DEFAULT '',
    original_name TEXT NOT NULL DEFAULT '',
    -- SHA-256 of the bytes as they came, so that the same file is not decoded twice.
    source_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX media_source ON media (source_hash);
CREATE INDEX media_newest ON media (created_at DESC, id DESC);

CREATE TABLE article (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- None: its number is its address.
    slug TEXT UNIQUE,
    external_id TEXT UNIQUE,
    import_hash TEXT,
    live TEXT NOT NULL DEFAULT 'none' CHECK (live IN ('none', 'published', 'withdrawn')),
    live_revision_id BIGINT REFERENCES revision (id),
    first_published_at BIGINT,
    published_at BIGINT,
    modified_at BIGINT,
    take_down_at BIGINT,
    withdrawn_at BIGINT,
    withdrawal_notice TEXT NOT NULL DEFAULT '',
    pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
    -- The live revision's category, so that a category's list is one walk along an index.
    category_id BIGINT REFERENCES category (id),
    -- What lists show: the live revision's lead image, else the first picture of its text that is large enough.
    list_media_id TEXT,
    working TEXT NOT NULL DEFAULT 'draft' CHECK (working IN ('draft', 'in_review', 'scheduled')),
    review_stage BIGINT CHECK (review_stage BETWEEN 1 AND 3),
    publish_at BIGINT,
    created_at BIGINT NOT NULL,
    CHECK ((live = 'none') = (live_revision_id IS NULL)),
    CHECK (live = 'none' OR (published_at IS NOT NULL AND first_published_at IS NOT NULL AND modified_at IS NOT NULL)),
    CHECK ((live = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CHECK ((working = 'in_review') = (review_stage IS NOT NULL)),
    CHECK ((working = 'scheduled') = (publish_at IS NOT NULL))
);
CREATE INDEX article_latest ON article (published_at DESC, id DESC) WHERE live = 'published';
CREATE INDEX article_category ON article (category_id, published_at DESC, id DESC) WHERE live = 'published';
CREATE INDEX article_pinned ON article (published_at DESC, id DESC) WHERE live = 'published' AND pinned = 1;
CREATE INDEX article_scheduled ON article (publish_at) WHERE publish_at IS NOT NULL;
CREATE INDEX article_take_down ON article (take_down_at) WHERE take_down_at IS NOT NULL;

-- The one text that is being worked on. version is for optimistic locking.
CREATE TABLE working_copy (
    article_id BIGINT NOT NULL PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    version BIGINT NOT NULL DEFAULT 1,
    unpublished INTEGER NOT NULL DEFAULT 1 CHECK (unpublished IN (0, 1)),
    saved_at BIGINT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('system', 'import', 'member')),
    member_id BIGINT,
    headline TEXT NOT NULL,
    standfirst TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    byline TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    editor TEXT NOT NULL DEFAULT '',
    share_title TEXT NOT NULL DEFAULT '',
    moments_title TEXT NOT NULL DEFAULT '',
    share_text TEXT NOT NULL DEFAULT '',
    share_media_id TEXT,
    lead_media_id TEXT,
    category_id BIGINT REFERENCES category (id),
    tags TEXT NOT NULL DEFAULT '[]',
    -- Last, so that reading the other columns does not walk through it.
    body TEXT NOT NULL DEFAULT '',
    CHECK ((actor = 'member') = (member_id IS NOT NULL))
);

CREATE TABLE revision (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('submit', 'publish', 'restore')),
    created_at BIGINT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('system', 'import', 'member')),
    member_id BIGINT,
    headline TEXT NOT NULL,
    standfirst TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    byline TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    editor TEXT NOT NULL DEFAULT '',
    share_title TEXT NOT NULL DEFAULT '',
    moments_title TEXT NOT NULL DEFAULT '',
    share_text TEXT NOT NULL DEFAULT '',
    share_media_id TEXT,
    lead_media_id TEXT,
    category_id BIGINT REFERENCES category (id),
    tags TEXT NOT NULL DEFAULT '[]',
    body TEXT NOT NULL DEFAULT '',
    UNIQUE (article_id, number),
    CHECK ((actor = 'member') = (member_id IS NOT NULL))
);

CREATE TRIGGER revision_is_immutable BEFORE UPDATE ON revision
BEGIN
    SELECT RAISE(ABORT, 'a revision is never changed');
END;

-- Which media a revision names: for its page in one query, and to say where a picture is used.
CREATE TABLE revision_media (
    revision_id BIGINT NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    media_id TEXT NOT NULL,
    PRIMARY KEY (revision_id, media_id)
);
CREATE INDEX revision_media_media ON revision_media (media_id);

-- The tags of published articles only; published_at is repeated so that a tag's list is one walk along the key.
CREATE TABLE article_tag (
    tag_id BIGINT NOT NULL REFERENCES tag (id),
    published_at BIGINT NOT NULL,
    article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    PRIMARY KEY (tag_id, article_id)
);
CREATE INDEX article_tag_latest ON article_tag (tag_id, published_at DESC, article_id DESC);
CREATE INDEX article_tag_article ON article_tag (article_id, position);

-- Addresses that moved: site-relative, decoded, without a trailing slash. They answer 301 for ever.
CREATE TABLE redirect (
    path TEXT NOT NULL PRIMARY KEY,
    article_id BIGINT REFERENCES article (id) ON DELETE CASCADE,
    target TEXT,
    created_at BIGINT NOT NULL,
    CHECK ((article_id IS NULL) <> (target IS NULL))
);
CREATE INDEX redirect_article ON redirect (article_id);

-- What happened. It outlives what it tells of, hence no foreign keys.
CREATE TABLE event (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('system', 'import', 'member')),
    member_id BIGINT,
    kind TEXT NOT NULL,
    article_id BIGINT,
    revision_id BIGINT,
    detail TEXT NOT NULL DEFAULT '{}',
    CHECK ((actor = 'member') = (member_id IS NOT NULL))
);
CREATE INDEX event_article ON event (article_id, id);

CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'an event is never changed');
END;
CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'an event is never deleted');
END;
