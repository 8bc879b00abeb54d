-- What readers read, as the newsroom looks at it. From here on the day in reader_count is one of the site's own
-- calendar (number since 1970), so that a morning in China counts for the day it belongs to.
CREATE INDEX reader_count_day ON reader_count (day, measure, article_id, count);

-- What became of wx.config on readers' phones, per hour (number since 1970, UTC) and account. No identity of any
-- reader, nor what they read.
CREATE TABLE config_count (
    hour BIGINT NOT NULL,
    account TEXT NOT NULL,
    result TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (account, hour, result)
);

-- What was due and did not happen; there is hardly ever any.
CREATE INDEX article_clock_failed ON article (clock_failed_at) WHERE clock_failed_at IS NOT NULL;
