import type { Migration } from './index.ts'

/**
 * Postings lie by term, no longer by segment, and two bitmaps of 2,024 bytes go on one page of the disk, so that a page
 * reads fewer of them. They are made again in the background; until then what is not sealed is looked at as it is.
 */
export const postingsByTerm: Migration = {
  number: 4,
  tenantOnly: true,
  sql: `
    DELETE FROM posting;
    DROP TABLE outdated_posting;
    CREATE TABLE outdated_posting (
      segment INTEGER NOT NULL,
      term INTEGER NOT NULL,
      PRIMARY KEY (segment, term)
    ) WITHOUT ROWID, STRICT;
    UPDATE sealing SET size = 16192, begun = 0, done = 0;
  `,
}
