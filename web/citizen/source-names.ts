import type { WebServices } from '../services.ts'

/** Names of sources by id, for the record. */
export async function sourceNames(services: WebServices): Promise<(id: string) => string | undefined> {
  const names = new Map((await services.sources.list()).map((source) => [source.id, source.name]))
  return (id) => names.get(id)
}
