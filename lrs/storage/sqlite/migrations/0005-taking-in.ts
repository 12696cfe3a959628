import type { Migration } from './index.ts'

/** For what comes from another store (../holdings): how far it is taken in, and positions that nothing had there. */
export const takingIn: Migration = {
  number: 5,
  tenantOnly: false,
  sql: `
    ALTER TABLE meta ADD COLUMN unused INTEGER NOT NULL DEFAULT 0;
    -- In system.db, as long as not all is taken in.
    CREATE TABLE taking_in (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      origin TEXT NOT NULL,
      mark TEXT
    ) STRICT;
  `,
}
