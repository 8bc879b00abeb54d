-- What readers met, per article, day (number since 1970, UTC) and measure. No identity of any reader.
CREATE TABLE reader_count (
    day BIGINT NOT NULL,
    article_id BIGINT NOT NULL,
    measure TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (article_id, day, measure)
);
