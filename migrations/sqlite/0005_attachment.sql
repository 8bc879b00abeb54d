-- Files that readers download. Where one is used is in revision_media, as for pictures.
CREATE TABLE attachment (
    id TEXT NOT NULL PRIMARY KEY,
    -- What it is called on a reader's device.
    name TEXT NOT NULL,
    -- The end of that name, against which the content was checked.
    kind TEXT NOT NULL CHECK (kind IN ('pdf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'zip', 'txt')),
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX attachment_newest ON attachment (created_at DESC, id DESC);
