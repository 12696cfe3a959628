import type { WebServices } from '../services.ts'

type Names = (id: string) => string | undefined

/** Names of sources by id. */
export async function sourceNames(services: WebServices): Promise<Names> {
  const names = new Map((await services.sources.list()).map((source) => [source.id, source.name]))
  return (id) => names.get(id)
}

/** Who tells of a line: the source, with the organisation that it belongs to where its name does not say it. */
export async function tellerNames(services: WebServices): Promise<Names> {
  const sources = await services.sources.list()
  const found = await services.organisations.getMany([
    ...new Set(sources.flatMap(({ organisation }) => organisation ?? [])),
  ])
  const names = new Map(
    sources.map(({ id, name, organisation }) => {
      const owner = found.get(organisation ?? '')?.name
      return [id, owner === undefined || name.includes(owner) ? name : `${name} (${owner})`]
    }),
  )
  return (id) => names.get(id)
}
