import type { Migration } from './index.ts'

/**
 * Positions by term once more, as bitmaps, to intersect terms that are under many statements. Filled in the background
 * (sealing.ts), so that this takes no time on a large database.
 */
export const postings: Migration = {
  number: 3,
  tenantOnly: true,
  sql: `
    CREATE TABLE sealing (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      size INTEGER NOT NULL,       -- positions in a segment, a multiple of 32
      begun INTEGER NOT NULL,      -- segments below have, or are being given, their postings
      done INTEGER NOT NULL        -- segments below have them
    ) STRICT;
    INSERT INTO sealing VALUES (1, 16384, 0, 0);

    -- A row is right whenever it is there, but for voided statements, of which some may be missing.
    CREATE TABLE posting (
      place INTEGER PRIMARY KEY,   -- operations/postings.ts: segment and term
      bits BLOB NOT NULL
    ) STRICT;
    -- Postings that a change has made wrong, to be made again.
    CREATE TABLE outdated_posting (
      place INTEGER PRIMARY KEY
    ) STRICT;
  `,
}
