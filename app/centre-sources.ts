import { type Caller, doAlone, type SourceRegistry } from '../lrs/index.ts'
import type { Storage } from '../lrs/storage/port.ts'
import type { Organisations } from '../profiles/index.ts'

/**
 * Speaks for an organisation as a source of its own, of kind `centre`, made when it first has something to tell and called
 * as the organisation is called now.
 */
export function centreSources(
  storage: Storage,
  sources: SourceRegistry,
  organisations: Pick<Organisations, 'get'>,
): (organisation: string) => Promise<Caller> {
  const known = new Map<string, Caller>()
  return async (id) => {
    const organisation = await organisations.get(id)
    if (!organisation) throw new Error(`There is no organisation ${id} to speak for.`)
    const { name } = organisation
    const held = known.get(id)
    if (held?.authority.name === name) return held
    const find = async () => (await sources.list()).find((source) => source.speaksFor === id)
    const source =
      (await find()) ??
      (await doAlone(storage, `centre source of ${id}`, async () => {
        const made =
          (await find()) ??
          (await sources.create({ name, kind: 'centre', organisation: id, speaksFor: id }, id))
        if ('ok' in made) throw new Error(`A centre's source was refused: ${made.problems[0]?.message}`)
        return made
      }))
    if (source.name !== name) await sources.change(source.id, { name }, id)
    const caller = await sources.callerOf(source.id, 'centre', ['statements/write', 'define'])
    known.set(id, caller)
    return caller
  }
}
