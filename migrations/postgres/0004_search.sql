-- Full-text search. What an article is found by is worked out by the program, as one list of terms.
CREATE TABLE article_search (
    article_id BIGINT NOT NULL PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    terms TSVECTOR NOT NULL
);
CREATE INDEX article_search_terms ON article_search USING GIN (terms);

-- Whether the live text is in the index; articles that were published before there was one are taken in later.
ALTER TABLE article ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0, 1));
CREATE INDEX article_unindexed ON article (id) WHERE live = 'published' AND indexed = 0;
