-- The media library: who brought a file, how a picture is cut, videos, and files that were replaced.

ALTER TABLE media ADD COLUMN member_id BIGINT;
-- Where its files lie, and their address. Another one with every change of the files, because browsers keep what they
-- have loaded from an address for ever.
ALTER TABLE media ADD COLUMN folder TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE media SET folder = id;
-- What must be seen where the picture is cut, in ten-thousandths of its width and height.
ALTER TABLE media ADD COLUMN focus_x BIGINT NOT NULL DEFAULT 5000 CHECK (focus_x BETWEEN 0 AND 10000);
ALTER TABLE media ADD COLUMN focus_y BIGINT NOT NULL DEFAULT 5000 CHECK (focus_y BETWEEN 0 AND 10000);
-- The square of its cards: left and top as above, the side in ten-thousandths of the shorter side. None: around the focus.
ALTER TABLE media ADD COLUMN square_left BIGINT CHECK (square_left BETWEEN 0 AND 10000);
ALTER TABLE media ADD COLUMN square_top BIGINT CHECK (square_top BETWEEN 0 AND 10000);
ALTER TABLE media ADD COLUMN square_side BIGINT CHECK (square_side BETWEEN 1 AND 10000);

ALTER TABLE attachment ADD COLUMN member_id BIGINT;
-- As of pictures.
ALTER TABLE attachment ADD COLUMN folder TEXT COLLATE "C";
UPDATE attachment SET folder = id;
ALTER TABLE attachment ALTER COLUMN folder SET NOT NULL;
-- Of a video.
ALTER TABLE attachment ADD COLUMN width BIGINT;
ALTER TABLE attachment ADD COLUMN height BIGINT;
ALTER TABLE attachment ADD COLUMN millis BIGINT;
ALTER TABLE attachment ADD COLUMN alt TEXT NOT NULL DEFAULT '';
ALTER TABLE attachment ADD COLUMN caption TEXT NOT NULL DEFAULT '';
ALTER TABLE attachment ADD COLUMN credit TEXT NOT NULL DEFAULT '';
ALTER TABLE attachment DROP CONSTRAINT attachment_kind_check;
ALTER TABLE attachment ADD CONSTRAINT attachment_kind_check
    CHECK (kind IN ('pdf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'zip', 'txt', 'mp4'));
ALTER TABLE attachment ADD CONSTRAINT attachment_video_check
    CHECK ((kind = 'mp4') = (width IS NOT NULL AND height IS NOT NULL AND millis IS NOT NULL));
CREATE UNIQUE INDEX attachment_folder ON attachment (folder);

-- Where files lay before they were replaced: old addresses lead to the new ones.
CREATE TABLE media_former (
    folder TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    media_id TEXT COLLATE "C" NOT NULL
);
CREATE INDEX media_former_media ON media_former (media_id);

-- So that the pages that use a picture come in order.
DROP INDEX page_media_media;
CREATE INDEX page_media_media ON page_media (media_id, page_slug);
