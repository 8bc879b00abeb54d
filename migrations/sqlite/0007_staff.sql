-- Who works here, how they sign in, and what happened to them. The same tables as in ../postgres.

CREATE TABLE member (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- As it is typed to sign in, in lower case.
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('writer', 'editor', 'administrator')),
    -- Argon2id, with its parameters and salt.
    password TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- To the minute; it outlives the sessions.
    seen_at BIGINT,
    disabled_at BIGINT,
    -- The authenticator's seed, sealed with the site's secret key.
    totp_sealed TEXT,
    -- The last step of 30 seconds whose code was used; a code counts once.
    totp_step BIGINT NOT NULL DEFAULT 0,
    totp_failures BIGINT NOT NULL DEFAULT 0,
    totp_paused_until BIGINT NOT NULL DEFAULT 0
);

-- Hashes of the codes that are still good.
CREATE TABLE recovery_code (
    member_id BIGINT NOT NULL REFERENCES member (id),
    hash TEXT NOT NULL,
    PRIMARY KEY (member_id, hash)
);

CREATE TABLE staff_session (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- SHA-256 of the cookie.
    hash TEXT NOT NULL UNIQUE,
    member_id BIGINT NOT NULL REFERENCES member (id),
    -- Whether the second step was passed, or was not asked for.
    passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
    kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- When the password was last typed.
    confirmed_at BIGINT NOT NULL,
    -- A seed that is being set up, sealed.
    pending_sealed TEXT,
    network TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX staff_session_member ON staff_session (member_id, id);

CREATE TABLE staff_link (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- SHA-256 of the token.
    hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('setup', 'invitation', 'reset')),
    -- Whose password may be chosen anew.
    member_id BIGINT REFERENCES member (id),
    -- Who is invited, and as what.
    name TEXT,
    role TEXT CHECK (role IN ('writer', 'editor', 'administrator')),
    -- Who made it; none: the command line. It is void once they may not make one any more.
    made_by BIGINT REFERENCES member (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CHECK ((kind = 'reset') = (member_id IS NOT NULL)),
    CHECK ((kind = 'invitation') = (name IS NOT NULL AND role IS NOT NULL))
);

-- Attempts by account and by address, under hashes: what is typed as a name may be a password.
CREATE TABLE staff_attempt (
    subject TEXT NOT NULL PRIMARY KEY,
    attempts BIGINT NOT NULL,
    since BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL
);
CREATE INDEX staff_attempt_last ON staff_attempt (last_at);

-- Accounts elsewhere by which somebody may sign in.
CREATE TABLE staff_identity (
    platform TEXT NOT NULL CHECK (platform IN ('official', 'wecom')),
    -- The app id or corporation that gave the id: another one may give the same to somebody else.
    issuer TEXT NOT NULL,
    external_id TEXT NOT NULL,
    member_id BIGINT NOT NULL REFERENCES member (id),
    bound_at BIGINT NOT NULL,
    PRIMARY KEY (platform, issuer, external_id),
    UNIQUE (member_id, platform)
);

-- One row: whoever changes who works here takes it first, so that two never each remove the other's last colleague.
CREATE TABLE staff_turn (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL
);
INSERT INTO staff_turn (id, number) VALUES (1, 0);

-- What happened. It outlives what it tells of, hence no foreign keys.
CREATE TABLE staff_event (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('system', 'operator', 'member')),
    member_id BIGINT,
    kind TEXT NOT NULL,
    subject_id BIGINT,
    detail TEXT NOT NULL DEFAULT '{}',
    CHECK ((actor = 'member') = (member_id IS NOT NULL))
);

CREATE INDEX staff_event_subject ON staff_event (subject_id, id);
CREATE INDEX staff_event_member ON staff_event (member_id, id);

CREATE TRIGGER staff_event_is_append_only_update BEFORE UPDATE ON staff_event
BEGIN
    SELECT RAISE(ABORT, 'an event is never changed');
END;
CREATE TRIGGER staff_event_is_append_only_delete BEFORE DELETE ON staff_event
BEGIN
    SELECT RAISE(ABORT, 'an event is never deleted');
END;
