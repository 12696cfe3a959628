import { activitiesIn, type FormatOptions, formatStatement } from '../../statement/format.ts'
import type { ActivityStore, StoredStatement } from '../../storage/port.ts'
import { canonicalDefinition } from '../activities/canonical.ts'

/**
 * The texts of the statements of one answer, in the asked format. For `canonical` each activity is looked up once for
 * all of them.
 */
export async function formatStatements(
  statements: readonly Pick<StoredStatement, 'text'>[],
  activities: ActivityStore,
  options: Omit<FormatOptions, 'definitions'>,
): Promise<string[]> {
  const texts = statements.map((statement) => statement.text)
  if (options.format !== 'canonical') return texts.map((text) => formatStatement(text, options))
  const ids = [...new Set(texts.flatMap(activitiesIn))]
  const looked = await Promise.all(
    ids.map(async (id) => [id, await canonicalDefinition(activities, id)] as const),
  )
  const definitions = new Map(looked.filter((entry): entry is [string, string] => entry[1] !== null))
  return texts.map((text) => formatStatement(text, { ...options, definitions }))
}
