import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { registerPeople } from '../../bench/people.ts'
import { root } from '../../bench/process.ts'
import type { Random } from '../../bench/random.ts'
import { ACCOUNT_HOME, accountName } from '../../bench/statements.ts'
import type { Figures } from './figures.ts'
import { compare, createLedger, type Sent, targetOf } from './ledger.ts'
import { Loss, mustBeEmpty } from './loss.ts'
import { onSqlite } from './on-sqlite.ts'
import type { Place } from './place.ts'
import { commandsBeside, commandThere, type Launched, launch, type Running } from './server.ts'
import { ACTORS, createTraffic } from './traffic.ts'
import { checkWhole } from './whole.ts'
import { type Client, createClient, listBehind } from './xapi.ts'

const PEOPLE = 3
const LANES = 12
const CHECKING = 8
const TRIES = 20

/** One store, the servers on it, and all that was sent to them. */
export type World = Awaited<ReturnType<typeof createWorld>>

/** A new store; `killFirstStart`: its very first start is killed after so many ms. */
export async function createWorld(
  folder: string,
  place: Place,
  random: Random,
  figures: Figures,
  killFirstStart: number | null,
) {
  mkdirSync(folder, { recursive: true })
  const logPath = join(folder, 'server.log')
  const ledger = createLedger()
  const traffic = createTraffic(ledger, random)
  const running: ({ server: Running; client: Client } | null)[] = Array(place.processes).fill(null)
  const beside = commandsBeside(place.environment)
  /** How long the last start took. */
  let startMs = 0
  let asked = 0
  /** The newest time of storing that was seen. */
  let since: string | null = null
  figures.folders++

  if (killFirstStart !== null) {
    const launched = launch(place.environment, logPath)
    await setTimeout(killFirstStart)
    await launched.kill()
  }
  // Half of the accounts are of somebody.
  const accounts = Array.from({ length: ACTORS / 2 }, (_, i) => ({
    homePage: ACCOUNT_HOME,
    name: accountName(i * 2),
  }))
  await registerPeople(place.environment, PEOPLE, accounts)
  await place.prepare()

  /** All of them: those that are gone are started. */
  async function serving(): Promise<{ server: Running; client: Client; clients: Client[] }> {
    await place.startStore()
    const all = await Promise.all(
      running.map(async (one, number) => {
        if (one?.server.isAlive()) return one
        gone(number)
        const server = await launch(place.environment, logPath).ready
        startMs = server.startMs
        const started = { server, client: createClient(server.url) }
        running[number] = started
        return started
      }),
    )
    return { ...all[0]!, clients: all.map(({ client }) => client) }
  }

  function gone(number: number): void {
    running[number]?.client.close()
    running[number] = null
  }

  /** Each of them is asked in turn. */
  const inTurn = (clients: readonly Client[]) => clients[asked++ % clients.length]!

  async function post(client: Client, sent: Sent): Promise<boolean> {
    const acknowledged = await client.post(sent)
    if (acknowledged) ledger.acknowledge(sent)
    return acknowledged
  }

  /** Looks at all that is new: what must be there is, voids are in force, attachments are as sent. Returns what is not there. */
  async function look(
    clients: readonly Client[],
    must: (sent: Sent) => boolean,
  ): Promise<{ there: Sent[]; absent: Sent[] }> {
    await Promise.all(clients.map((client) => client.settled()))
    const wrong: string[] = []
    const fresh = ledger.all.filter(({ found }) => !found)
    const held = await listBehind(inTurn(clients), since)
    const listed = new Set(held.keys())
    for (const [id, { stored }] of held) {
      if (since === null || stored > since) since = stored
      if (ledger.of(id)?.found) wrong.push(`statement ${id} is listed again`)
    }
    const hidden = fresh.flatMap(({ statements }) =>
      statements.filter(({ id }) => !listed.has(id) && ledger.voiders(id).length > 0),
    )
    await each(hidden, async ({ id }) => {
      const { status, body } = await inTurn(clients).get(`/xapi/statements?voidedStatementId=${id}`)
      if (status === 200) held.set(id, JSON.parse(body.toString()))
    })
    const compared = compare(ledger, held, fresh, must)
    wrong.push(...compared.wrong)
    for (const sent of compared.there) sent.found = true

    const isThere = (id: string) => ledger.of(id)?.found === true
    const targets = new Set(
      compared.there.flatMap(({ statements }) =>
        statements
          .flatMap((one) => [targetOf(one) ?? one.id])
          .filter((id) => ledger.voiders(id).some(isThere)),
      ),
    )
    await each([...targets].filter(isThere), async (id) => {
      const voided = await inTurn(clients).get(`/xapi/statements?voidedStatementId=${id}`)
      const open = await inTurn(clients).get(`/xapi/statements?statementId=${id}`)
      if (voided.status !== 200 || open.status !== 404 || listed.has(id))
        wrong.push(`the void of ${id} is not in force (${voided.status}, ${open.status})`)
      figures.voids++
    })
    await each(
      compared.there.filter(({ attachment }) => attachment),
      async ({ statements: [statement], attachment }) => {
        const id = statement?.id ?? ''
        const by = targets.has(id) ? 'voidedStatementId' : 'statementId'
        const { body } = await inTurn(clients).get(`/xapi/statements?${by}=${id}&attachments=true`)
        if (!body.includes(attachment!.content)) wrong.push(`the attachment of ${id} is not what was sent`)
        figures.attachments++
      },
    )
    mustBeEmpty(wrong)
    return compared
  }

  const isAcknowledged = ({ acknowledged }: Sent) => acknowledged !== null

  return {
    folder,
    place,
    ledger,
    traffic,
    serving,
    launch: (): Launched => launch(place.environment, logPath),
    command: place.dataDir === null ? beside.run : commandThere(place.dataDir),
    /** Sends until the servers are gone, or `statements` are sent. */
    async load(clients: readonly Client[], statements: number): Promise<void> {
      let left = statements
      await Promise.all(
        Array.from({ length: LANES }, async (_, lane) => {
          const client = clients[lane % clients.length]!
          while (left > 0) {
            const sent = traffic.any()
            left -= sent.statements.length
            if (!(await post(client, sent))) return
          }
        }),
      )
    },
    /** One large batch, in a stream. */
    sendLarge: (client: Client): Promise<boolean> => post(client, traffic.large()),
    /** Kills what the place chooses; a store that was killed is there again afterwards. */
    async kill(): Promise<void> {
      const victims = place.victims(random)
      figures.killed[victims.name] = (figures.killed[victims.name] ?? 0) + 1
      if (victims.commands) beside.kill()
      await Promise.all([
        ...victims.processes.map((number) => running[number]?.server.kill()),
        victims.store && place.killStore(),
      ])
      victims.processes.forEach(gone)
      if (!victims.store) return
      await setTimeout(place.awayMs(random))
      await place.startStore()
    },
    async killAll(): Promise<void> {
      beside.kill()
      await Promise.all(running.map((one) => one?.server.kill()))
      await place.killStore()
    },
    async stop(): Promise<void> {
      for (const [number, one] of running.entries()) {
        if (one?.server.isAlive()) await one.server.stop()
        gone(number)
      }
    },

    /** Starts on what a kill left, looks at what is new, sends again what had no answer, and looks at that. */
    async recover(): Promise<void> {
      const { clients } = await serving()
      figures.recoveries.push(startMs)
      const { there, absent } = await look(clients, isAcknowledged)
      const unknown = [...there, ...absent].filter((sent) => !isAcknowledged(sent))
      for (const sent of there) count(sent, isAcknowledged(sent) ? 'acknowledged' : 'whole')
      for (const sent of absent) count(sent, 'absent')
      for (const sent of unknown) {
        let taken = false
        for (let tries = 0; !taken && tries < TRIES; tries++) {
          if (tries > 0) await setTimeout(500)
          taken = await post(inTurn(clients), sent)
        }
        if (!taken)
          throw new Loss(`what had no answer is not taken again: ${sent.kind} of ${sent.statements.length}`)
      }
      await look(clients, () => true)
    },

    /** Stops the servers, and looks through everything. */
    async checkWhole(): Promise<void> {
      await place.finished()
      await this.stop()
      await checkWhole(place, ledger, () => true)
      figures.wholeChecks++
    },

    /** Records that are made anew are the same. */
    async checkRebuild(): Promise<void> {
      await this.stop()
      const before = await place.records()
      await serving()
      await this.command('rebuild transcript')
      await this.stop()
      const after = new Set(await place.records())
      const lost = before.filter((entry) => !after.has(entry))
      if (lost.length > 0 || after.size !== before.length)
        throw new Loss(
          `records made anew are others: ${before.length} entries before, ${after.size} after\n${lost[0]}`,
        )
      figures.rebuilds++
    },

    /** A backup holds what was acknowledged before it was begun, and all else whole or not at all. */
    async checkBackup(backup: string, begun: number): Promise<void> {
      const restored = join(folder, 'restored')
      await new Promise<void>((resolve, reject) => {
        execFile(
          process.execPath,
          ['--disable-warning=ExperimentalWarning', 'app/cli/main.ts', 'restore', backup],
          { cwd: root, env: { PATH: process.env.PATH, DATA_DIR: restored } },
          (error, _out, told) =>
            error ? reject(new Loss(`a finished backup is not restored: ${told}`)) : resolve(),
        )
      })
      await checkWhole(
        onSqlite(restored),
        ledger,
        ({ acknowledged }) => acknowledged !== null && acknowledged < begun,
      )
      figures.backups.restored++
      await rm(restored, { recursive: true })
    },

    async destroy(): Promise<void> {
      await this.stop()
      await place.remove()
      if (existsSync(folder)) await rm(folder, { recursive: true })
    },
  }

  function count(sent: Sent, what: 'acknowledged' | 'whole' | 'absent'): void {
    const statements = sent.statements.length
    figures.requests[sent.kind][what]++
    if (what === 'acknowledged') {
      figures.statements.acknowledged += statements
      figures.statements.found += statements
    } else if (what === 'whole') figures.statements.unacknowledgedWhole += statements
    else figures.statements.unacknowledgedAbsent += statements
  }
}

async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  await Promise.all(
    Array.from({ length: CHECKING }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item)
    }),
  )
}
