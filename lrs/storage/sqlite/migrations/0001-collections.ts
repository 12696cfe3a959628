import type { Migration } from './index.ts'

/** The counters of a database, and documents with their declared indexes. In `system.db` and in every tenant's. */
export const collections: Migration = {
  number: 1,
  tenantOnly: false,
  sql: `
    CREATE TABLE meta (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      position INTEGER NOT NULL,   -- last one given to a statement or an event
      stored INTEGER NOT NULL,     -- last time given to a commit
      revision INTEGER NOT NULL,   -- last one given to a document
      statements INTEGER NOT NULL  -- how many there are
    ) STRICT;
    INSERT INTO meta VALUES (1, 0, 0, 0, 0);

    CREATE TABLE doc (
      no INTEGER PRIMARY KEY,
      collection TEXT NOT NULL,
      key TEXT NOT NULL,
      revision INTEGER NOT NULL,
      expires INTEGER,
      value TEXT NOT NULL,
      UNIQUE (collection, key)
    ) STRICT;
    CREATE INDEX doc_by_expiry ON doc (expires) WHERE expires IS NOT NULL;

    -- Declared indexes, with their fields as JSON: a changed declaration is seen and filled anew.
    CREATE TABLE declared_index (
      no INTEGER PRIMARY KEY,
      collection TEXT NOT NULL,
      name TEXT NOT NULL,
      fields TEXT NOT NULL,
      UNIQUE (collection, name)
    ) STRICT;
    CREATE TABLE doc_index (
      index_no INTEGER NOT NULL,
      tuple BLOB NOT NULL,         -- lrs/storage/tuple.ts
      key TEXT NOT NULL,
      PRIMARY KEY (index_no, tuple, key)
    ) WITHOUT ROWID, STRICT;
  `,
}
