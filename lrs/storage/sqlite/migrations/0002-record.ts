import type { Migration } from './index.ts'

/** Statements and everything that hangs on them. In every tenant's database. */
export const record: Migration = {
  number: 2,
  tenantOnly: true,
  sql: `
    CREATE TABLE statement (
      seq INTEGER PRIMARY KEY,     -- position
      id BLOB NOT NULL UNIQUE,
      stored INTEGER NOT NULL,
      source TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      refers_to BLOB,
      voiding INTEGER NOT NULL,
      voided INTEGER NOT NULL,
      attachments TEXT,            -- JSON array of SHA-256, null for none
      terms TEXT NOT NULL,         -- JSON array of the terms it is entered under, to take it out again
      text TEXT NOT NULL
    ) STRICT;

    -- Which positions a time covers: one row per commit, so that since and until become ranges of positions.
    CREATE TABLE moment (
      stored INTEGER PRIMARY KEY,
      last_seq INTEGER NOT NULL
    ) STRICT;

    -- What was told to the feed beside new statements; shares the positions of the statements.
    CREATE TABLE event (
      seq INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      content TEXT NOT NULL
    ) STRICT;

    CREATE TABLE term (
      no INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE entry (
      term INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      PRIMARY KEY (term, seq)
    ) WITHOUT ROWID, STRICT;

    -- Every id that some statement refers to. seq, source and parent are null until that statement is there;
    -- parent is the target that it refers to itself. A statement refers to one other at most, so the way up is a path.
    CREATE TABLE target (
      no INTEGER PRIMARY KEY,
      id BLOB NOT NULL UNIQUE,
      seq INTEGER,
      source TEXT,
      parent INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX target_by_seq ON target (seq) WHERE seq IS NOT NULL;
    CREATE INDEX target_by_parent ON target (parent) WHERE parent IS NOT NULL;
    CREATE TABLE reference (
      seq INTEGER PRIMARY KEY,     -- of the referrer
      target INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX reference_by_target ON reference (target);
    CREATE TABLE void (
      target INTEGER NOT NULL,
      seq INTEGER NOT NULL,        -- of the voiding statement
      source TEXT NOT NULL,
      foreign_too INTEGER NOT NULL,
      PRIMARY KEY (target, seq)
    ) WITHOUT ROWID, STRICT;

    CREATE TABLE definition (
      no INTEGER PRIMARY KEY,
      activity TEXT NOT NULL,
      source TEXT NOT NULL,
      text TEXT NOT NULL,
      UNIQUE (activity, source)
    ) STRICT;
    CREATE TABLE chosen_source (
      activity TEXT PRIMARY KEY,
      source TEXT NOT NULL
    ) WITHOUT ROWID, STRICT;

    -- Absent parts of a key are the empty string.
    CREATE TABLE document (
      no INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      source TEXT NOT NULL,
      activity TEXT NOT NULL,
      agent TEXT NOT NULL,
      registration TEXT NOT NULL,
      id TEXT NOT NULL,
      content_type TEXT NOT NULL,
      etag TEXT NOT NULL,
      updated INTEGER NOT NULL,
      content BLOB NOT NULL,
      UNIQUE (kind, source, activity, agent, registration, id)
    ) STRICT;
    CREATE INDEX document_by_agent ON document (agent) WHERE agent <> '';

    CREATE TABLE blob (
      sha2 BLOB PRIMARY KEY,
      size INTEGER NOT NULL,
      touched INTEGER NOT NULL
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE attachment (
      sha2 BLOB NOT NULL,
      seq INTEGER NOT NULL,
      PRIMARY KEY (sha2, seq)
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE hold (
      owner TEXT NOT NULL,
      sha2 BLOB NOT NULL,
      PRIMARY KEY (owner, sha2)
    ) WITHOUT ROWID, STRICT;
    CREATE INDEX hold_by_sha2 ON hold (sha2);
  `,
}
