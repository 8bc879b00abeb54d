-- The tokens and tickets that all processes of the site share. Values are sealed with the site's secret key.
CREATE TABLE credential (
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    sealed TEXT NOT NULL,
    fetched_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- Counts the values; an older one never replaces a newer one.
    generation BIGINT NOT NULL,
    PRIMARY KEY (account, kind)
);

-- Who may call WeChat for an account now. Whoever takes the lease over gets a higher fence, and what is written with
-- a lower one is refused.
CREATE TABLE credential_lease (
    account TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    held_until BIGINT NOT NULL,
    fence BIGINT NOT NULL
);

-- How the last attempt went, so that a restart does not forget to wait.
CREATE TABLE credential_status (
    account TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    attempted_at BIGINT NOT NULL,
    -- Of the settings that failed; other settings are tried at once.
    fingerprint TEXT NOT NULL,
    -- JSON; empty when all is well.
    trouble TEXT NOT NULL,
    last_success_at BIGINT,
    last_forced_at BIGINT,
    last_heal_at BIGINT
);

-- Calls per day (of Beijing, where WeChat counts), so that no fault can burn the account's quota.
CREATE TABLE credential_call (
    day BIGINT NOT NULL,
    account TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (day, account, endpoint)
);

-- What a person was told, so that one cause is told once.
CREATE TABLE alarm (
    cause TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    raised_at BIGINT NOT NULL
);

-- One row that only the right secret key opens.
CREATE TABLE secret_check (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    sealed TEXT NOT NULL
);

-- MP_verify_*.txt and WW_verify_*.txt, with which an account proves that the domain is its own. They never expire.
CREATE TABLE verification_file (
    name TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
