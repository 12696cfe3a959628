import { existsSync, watch } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Random } from '../../bench/random.ts'
import { ACCOUNT_HOME, accountName } from '../../bench/statements.ts'
import type { Figures } from './figures.ts'
import { isMigrated, nothingSealed, olderSchema } from './folder.ts'
import { Loss } from './loss.ts'
import { ACTORS } from './traffic.ts'
import type { World } from './world.ts'

/** When a kill comes. */
export const MOMENTS = [
  'load',
  'large batch',
  'start',
  'migration',
  'sealing',
  'backup',
  'rebuild',
  'link',
  'stop',
] as const
export type Moment = (typeof MOMENTS)[number]

/** Statements that one round sends at most. */
const LOAD = 700

/** So many requests are acknowledged at most before something else begins beside them. */
const WARM = 40

/** A kill comes at a random moment within what takes so long, ms, or a little behind. */
const within = (random: Random, ms: number) => random.below(Math.ceil(ms * 1.25) + 1)

/** What was killed before it was done takes longer than thought. */
const longer = (ms: number) => Math.min(ms * 1.3, 20_000)

export interface Round {
  world: World
  random: Random
  figures: Figures
  /** How long things take here, ms, as last seen. */
  took: Record<'start' | 'large' | 'backup' | 'stop' | 'rebuild' | 'link', number>
}

/** Brings the server to the moment, under load where it can be, and kills it there. */
export const KILLS: Record<Moment, (round: Round) => Promise<void>> = {
  async load({ world, random }) {
    await underLoad({ world, random }, () => setTimeout(20 + random.below(700)))
  },

  async 'large batch'({ world, random, took }) {
    const { client } = await world.serving()
    await underLoad(
      { world, random },
      async (beside) => {
        const begun = performance.now()
        let stored = false
        const sent = world.sendLarge(client).then((acknowledged) => {
          stored = acknowledged
          if (acknowledged) took.large = performance.now() - begun
        })
        beside(sent)
        await setTimeout(within(random, took.large))
        if (!stored) took.large = longer(took.large)
      },
      LOAD / 4,
    )
  },

  async start({ world, random, took }) {
    // On what a kill left, half of the times: there is a log to go through.
    if (random.below(2) === 0) await underLoad({ world, random }, () => setTimeout(random.below(200)))
    else await world.stop()
    await killInStart(world, random, took.start)
  },

  async migration({ world, random, took, figures }) {
    await world.stop()
    olderSchema(folderOf(world))
    await killInStart(world, random, took.start)
    figures.migrations[isMigrated(folderOf(world)) ? 'done' : 'undone']++
  },

  async sealing({ world, random }) {
    await world.stop()
    nothingSealed(folderOf(world))
    // It begins a second after the start.
    await underLoad({ world, random }, () => setTimeout(900 + random.below(600)))
  },

  async backup({ world, random, figures, took }) {
    const folder = join(world.folder, 'backup')
    await rm(folder, { recursive: true, force: true })
    let before = 0
    let finished = false
    await underLoad({ world, random }, async (beside) => {
      await setTimeout(random.below(150))
      before = world.ledger.answers()
      const begun = performance.now()
      const made = world.command<{ ok?: false }>('backup', { FOLDER: folder }).then(
        (result) => {
          if (result.ok === false) throw new Loss(`a backup was refused: ${JSON.stringify(result)}`)
          finished = true
          took.backup = performance.now() - begun
        },
        () => {},
      )
      beside(made)
      await Promise.race([
        setTimeout(within(random, took.backup)),
        made.then(() => setTimeout(random.below(50))),
      ])
      if (!finished) took.backup = longer(took.backup)
    })
    if (finished && !existsSync(folder)) throw new Loss('a backup was told to be finished, and is not there')
    if (existsSync(folder)) {
      figures.backups.finished++
      return world.checkBackup(folder, before)
    }
    figures.backups.killed++
    const left = (await readdir(world.folder)).filter((name) => name.startsWith('backup'))
    if (left.some((name) => name !== 'backup.partial')) throw new Loss(`a killed backup left ${left}`)
    if (random.below(3) > 0) return
    // The next to the same name is not held up by what was left.
    await world.serving()
    const begun = world.ledger.answers()
    const again = await world.command<{ ok?: false }>('backup', { FOLDER: folder })
    if (again.ok === false || existsSync(`${folder}.partial`))
      throw new Loss(`after a killed backup the next is not made: ${JSON.stringify(again)}`)
    figures.backups.finished++
    await world.checkBackup(folder, begun)
  },

  async rebuild({ world, random, took }) {
    await underLoad({ world, random }, async (beside) => {
      const begun = performance.now()
      const rebuilt = world.command('rebuild transcript').then(
        () => {
          took.rebuild = performance.now() - begun
        },
        () => {},
      )
      beside(rebuilt)
      await setTimeout(within(random, took.rebuild))
    })
  },

  async link({ world, random, took }) {
    const name = random.below(2) === 0 ? 'link' : 'unlink'
    await underLoad({ world, random }, async (beside) => {
      const begun = performance.now()
      const changed = world.command(name, {}, someLink(random, name)).then(
        () => {
          took.link = performance.now() - begun
        },
        () => {},
      )
      beside(changed)
      await setTimeout(within(random, took.link))
    })
  },

  async stop({ world, random, took }) {
    const { server } = await world.serving()
    await underLoad({ world, random }, async () => {
      await setTimeout(random.below(200))
      server.askToStop()
      await setTimeout(within(random, took.stop))
    })
    // Where the kill took something else.
    await server.ended()
  },
}

/** Where the store is in a folder. */
function folderOf({ place: { dataDir } }: World): string {
  if (dataDir === null) throw new Error('This moment is one of a data folder')
  return dataDir
}

/** What was sent under an account joins somebody's record, or leaves it; a refusal is an answer too. */
function someLink(random: Random, name: 'link' | 'unlink'): Record<string, string> {
  return {
    ...(name === 'link'
      ? { person: 'cong-dan-0@mau.example', 'document-number': '1', 'document-date': '2026-01-05' }
      : {}),
    'home-page': ACCOUNT_HOME,
    account: accountName(random.below(ACTORS)),
    reason: 'torture',
  }
}

/**
 * Loads the servers; when some of it is acknowledged, calls `until`, and when that has ended, kills. Waits for
 * all that was under way beside.
 */
async function underLoad(
  { world, random }: Pick<Round, 'world' | 'random'>,
  until: (beside: (underWay: Promise<unknown>) => void) => Promise<unknown>,
  statements = LOAD,
): Promise<void> {
  const { clients } = await world.serving()
  // The first request of all waits for its secret to be verified: the kill is to come among writes.
  await Promise.all(clients.map((client) => client.get('/xapi/statements?limit=1')))
  const enough = world.ledger.answers() + random.below(WARM)
  const loading = world.load(clients, statements)
  const underWay: Promise<unknown>[] = [loading]
  let loaded = false
  loading.then(
    () => {
      loaded = true
    },
    () => {},
  )
  const reached = async () => {
    while (!loaded && world.ledger.answers() < enough) await setTimeout(2)
    await until((one) => underWay.push(one))
  }
  await Promise.race([reached(), failed(underWay)])
  await world.kill()
  await Promise.all(underWay)
}

/** Rejects when one of them does, and never resolves. */
function failed(underWay: readonly Promise<unknown>[]): Promise<never> {
  return new Promise((_, reject) => {
    for (const one of underWay) one.catch(reject)
  })
}

/** Within all of a start, or close behind the first change to the tenant's database: that is where it migrates. */
async function killInStart(world: World, random: Random, startMs: number): Promise<void> {
  const launched = world.launch()
  const { dataDir } = world.place
  if (random.below(2) === 0 || dataDir === null) {
    await setTimeout(within(random, startMs))
  } else {
    const watching = new AbortController()
    const changed = new Promise<void>((resolve) => {
      watch(join(dataDir, 'tenants'), { signal: watching.signal }, () => resolve())
    })
    await Promise.race([changed, launched.ready, setTimeout(startMs * 2)])
    watching.abort()
    await setTimeout(random.below(60))
  }
  await launched.kill()
}
