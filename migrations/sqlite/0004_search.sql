-- Full-text search. What an article is found by is worked out by the program, as one list of terms; the index keeps
-- no copy of it. Only ASCII signs and white space part terms.
CREATE VIRTUAL TABLE article_search USING fts5 (terms, content = '', contentless_delete = 1, tokenize = 'ascii');

-- Whether the live text is in the index; articles that were published before there was one are taken in later.
ALTER TABLE article ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0, 1));
CREATE INDEX article_unindexed ON article (id) WHERE live = 'published' AND indexed = 0;
