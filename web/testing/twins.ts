import { refuse } from '../../lrs/index.ts'
import type { LineTeller, RecordLine, Twins } from '../../profiles/index.ts'

const UNKNOWN = { id: 'twin-unknown', status: 409, message: 'Read the record again' }

/** Splits over a record in memory: what is split stands behind the line that it was told with. */
export function fakeTwins(lines: RecordLine[]): Twins {
  const splits = new Map<string, { shown: string; teller: LineTeller }>()
  return {
    async split(person, id) {
      const line = lines.find((one) => one.person === person && one.tellers?.some((each) => each.line === id))
      const teller = line?.tellers?.find((each) => each.line === id)
      if (!line?.tellers || !teller) return refuse(UNKNOWN)
      const rest = line.tellers.filter((each) => each !== teller)
      const { tellers: _, ...alone } = line
      lines[lines.indexOf(line)] = rest.length > 1 ? { ...alone, tellers: rest } : alone
      const { line: own, ...told } = teller
      lines.push({ ...alone, ...told, id: own, activity: line.activity })
      splits.set(id, { shown: line.id, teller })
      return { line: id, from: [line.id] }
    },
    async join(person, id) {
      const held = splits.get(id)
      const shown = lines.findIndex((one) => one.person === person && one.id === held?.shown)
      const line = lines[shown]
      if (!held || !line) return refuse(UNKNOWN)
      splits.delete(id)
      lines.splice(
        lines.findIndex((one) => one.id === id),
        1,
      )
      lines[shown] = { ...line, tellers: [...(line.tellers ?? [{ ...line, line: line.id }]), held.teller] }
      return { shown: line.id, joined: true }
    },
    async splitFrom(_person, id) {
      const held = splits.get(id)
      return lines.flatMap(({ id: line, source, at }) => (line === held?.shown ? [{ line, source, at }] : []))
    },
    splitsOf: async () => ({ splits: [], next: null }),
  }
}
