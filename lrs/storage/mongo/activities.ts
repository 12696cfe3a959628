import type { ActivityStore, AgentStore } from '../port.ts'
import type { Connection } from './connect.ts'
import type { Names } from './names.ts'
import { keyOf } from './names.ts'
import type { Schema } from './schema.ts'
import { definitionPrefix } from './statement-unit.ts'
import { nameOf, namePrefix, termOf } from './terms.ts'

export function createActivities({ ask }: Connection, schema: Schema, names: Names): ActivityStore {
  return {
    get: (id) =>
      ask(async () => {
        const [found, chosen] = await Promise.all([
          schema.definition
            .find({ _id: names.within(definitionPrefix(id)) })
            .hint({ _id: 1 })
            .toArray(),
          schema.choice.findOne({ _id: names.of(id) }),
        ])
        const definitions = found
          .sort((a, b) => a.first - b.first)
          .map(({ source, text }) => ({ source, text }))
        return { definitions, chosen: chosen?.source ?? null }
      }),
    choose: (id, source) =>
      ask(async () => {
        const _id = names.of(id)
        if (source === null) await schema.choice.deleteOne({ _id })
        else await schema.choice.replaceOne({ _id }, { source }, { upsert: true })
      }),
  }
}

/** Every name that was ever stated has a document; when it was stated last, the statements' index tells. */
export function createAgents({ ask }: Connection, schema: Schema, names: Names): AgentStore {
  const lastStated = async (key: string) => {
    const last = await schema.statement
      .find({ terms: termOf(names.tenant, key) }, { projection: { _id: 1 } })
      .sort({ _id: -1 })
      .hint('by-term')
      .limit(1)
      .next()
    return last?._id
  }
  return {
    names: (agent, sources) =>
      ask(async () => {
        const found = await schema.name
          .find({ _id: names.within(namePrefix(agent)) })
          .hint({ _id: 1 })
          .toArray()
        const asked = found
          .map(({ _id }) => ({ key: keyOf(_id), ...nameOf(keyOf(_id)) }))
          .filter(({ source }) => !sources || sources.includes(source))
        const dated = await Promise.all(
          asked.map(async ({ key, ...one }) => ({ ...one, last: await lastStated(key) })),
        )
        return dated
          .filter(({ last }) => last !== undefined)
          .sort((a, b) => (a.last! < b.last! ? 1 : -1))
          .map(({ name, source }) => ({ name, source }))
      }),
  }
}
