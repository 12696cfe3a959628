import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom, type Random } from '../../bench/random.ts'
import { createFigures, type Figures } from './figures.ts'
import { KILLS, type Moment, type Round } from './moments.ts'
import { onMongo } from './on-mongo.ts'
import { onSqlite } from './on-sqlite.ts'
import type { TortureStore } from './options.ts'
import { createWorld, type World } from './world.ts'

export interface Torture {
  store: TortureStore
  rounds: number
  seed: number
  /** A folder of its own is made in it, removed when nothing was lost. */
  folder: string
  say(line: string): void
  /** Moments to choose from; for a short run. */
  moments?: readonly Moment[]
}

/** Everything is looked through so often, and data begin anew so often, in rounds. */
const WHOLE_EVERY = 5
const ANEW_EVERY = 10

/**
 * Kills the product at random moments, starts it again, and looks at what is there. Rejects with `Loss` when something
 * was lost; the folder, which the message names, stays then.
 */
export async function torture({ store, rounds, seed, folder, say, moments }: Torture): Promise<Figures> {
  const begun = performance.now()
  const random = createRandom(seed)
  const figures = createFigures(seed)
  const root = await mkdtemp(join(folder, 'torture-'))
  const took: Round['took'] = { start: 1_500, large: 800, backup: 800, stop: 400, rebuild: 500, link: 200 }
  const bag: Moment[] = []
  let world: World | null = null
  try {
    for (let round = 1; round <= rounds; round++) {
      if (round % ANEW_EVERY === 1 || !world) {
        const name = join(root, `from-${round}`)
        const killed = random.below(2) === 0 ? random.below(2_500) : null
        if (killed !== null) figures.firstStarts++
        const place = store === 'mongo' ? await onMongo(join(name, 'store')) : onSqlite(join(name, 'data'))
        world = await createWorld(name, place, random, figures, killed)
      }
      if (bag.length === 0) bag.push(...shuffled(moments ?? world.place.moments, random))
      const moment = bag.pop()!
      const roundBegun = performance.now()
      say(`${round}/${rounds} ${moment}`)
      await KILLS[moment]({ world, random, figures, took })
      await world.recover()
      took.start = figures.recoveries.at(-1) ?? took.start
      figures.rounds[moment]++
      if (round % WHOLE_EVERY === 0 || round === rounds) await world.checkWhole()
      if (round % ANEW_EVERY === 0 || round === rounds) {
        await world.checkRebuild()
        await world.destroy()
        world = null
      }
      say(
        `    ${(performance.now() - roundBegun).toFixed(0)} ms, ${figures.statements.acknowledged} statements acknowledged`,
      )
    }
  } catch (error) {
    await world?.killAll()
    const about = `seed ${seed}, folder ${root}`
    if (error instanceof Error) error.message = `${about}\n${error.message}`
    throw error
  }
  await rm(root, { recursive: true })
  figures.seconds = (performance.now() - begun) / 1000
  return figures
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items]
  const out: T[] = []
  while (left.length > 0) out.push(...left.splice(random.below(left.length), 1))
  return out
}
