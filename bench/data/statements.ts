import { createRandom, type Random } from '../random.ts'
import {
  type Activity,
  ANSWERED,
  COMMENTED,
  category,
  courseActivity,
  courseId,
  HOT,
  HOT_AGENT,
  type Identity,
  instructor,
  learner,
  programme,
  SOURCES,
  sourceOf,
  team,
  unitActivity,
  VERBS,
  type Verb,
  VOIDED,
} from './population.ts'

/** To be raised with every change of what comes out, so that cached data sets are made anew. */
export const GENERATOR = 1

/** By what one statement can be found. */
export interface Findable {
  id: string
  agent: Identity
  verb: string
  activity: string | null
  registration: string | null
  /** An agent beside the actor: an instructor or a member of a team. */
  relatedAgent: Identity | null
  /** A course, programme or category. */
  relatedActivity: string | null
}

export interface Made {
  statement: Record<string, unknown>
  /** Index into SOURCES. */
  source: number
  findable: Findable
}

/** One learner's way through some units of a course, in one registration. */
interface Sitting {
  actor: Identity
  group: ReturnType<typeof team> | null
  hotActivity: boolean
  source: number
  course: number
  instructor: Identity | null
  team: ReturnType<typeof team> | null
  registration: string | null
  left: number
}

const OPEN = 400
const RECENT = 5_000
const UNITS = 50
/** So many at a time hold what the table of sizes says, at every size. */
export const shape = (size: number) => ({
  learners: Math.max(200, Math.floor(size / 20)),
  courses: Math.max(20, Math.floor(size / 5_000)),
  instructors: Math.max(10, Math.floor(size / 5_000)),
  teams: Math.max(10, Math.floor(size / 2_000)),
})

/**
 * `size` statements of a province: many learners and activities with a long tail, many sittings open at once (so what
 * belongs together lies apart), a hot agent and a hot activity with a tenth of the statements each and none in common
 * over the whole range, and one voiding statement and one comment on another statement in a thousand.
 */
export function* makeStatements(
  size: number,
  seed: number,
  times: (index: number) => number,
): Generator<Made> {
  const random = createRandom(seed)
  const counts = shape(size)
  const open = Array.from({ length: OPEN }, () => newSitting(random, counts))
  const recent: string[][] = SOURCES.map(() => [])
  for (let index = 0; index < size; index++) {
    const slot = random.below(OPEN)
    const sitting = open[slot]!
    const made =
      chance(random, 0.002) && recent[sitting.source]!.length > 0
        ? about(
            random,
            sitting,
            random.pick(recent[sitting.source]!),
            chance(random, 0.5) ? VOIDED : COMMENTED,
          )
        : step(random, sitting, new Date(times(index)).toISOString())
    if (made.findable.activity !== null) {
      const ids = recent[made.source]!
      if (ids.length < RECENT) ids.push(made.findable.id)
      else ids[random.below(RECENT)] = made.findable.id
    }
    if (--sitting.left === 0) open[slot] = newSitting(random, counts)
    yield made
  }
}

/** A whole number below `end`, small ones more often: `bend` 1 makes all alike, larger ones a longer tail. */
const ranked = (random: Random, end: number, bend: number) => Math.floor(end * random.next() ** bend)
const chance = (random: Random, part: number) => random.next() < part

function newSitting(random: Random, counts: ReturnType<typeof shape>): Sitting {
  const heat = random.next()
  const number = ranked(random, counts.learners, 2)
  const actor = heat < 0.1 ? HOT_AGENT : learner(number)
  const someone = () => learner(ranked(random, counts.learners, 2))
  const someTeam = () => team(ranked(random, counts.teams, 2), [someone(), someone(), someone()])
  return {
    actor,
    hotActivity: heat >= 0.1 && heat < 0.2,
    group: heat >= 0.2 && chance(random, 0.03) ? someTeam() : null,
    source: heat < 0.1 ? 0 : sourceOf(number),
    course: ranked(random, counts.courses, 2),
    instructor: chance(random, 0.6) ? instructor(ranked(random, counts.instructors, 2)) : null,
    team: chance(random, 0.1) ? someTeam() : null,
    registration: chance(random, 0.9) ? random.uuid() : null,
    left: 3 + random.below(11),
  }
}

function step(random: Random, sitting: Sitting, timestamp: string): Made {
  const { course } = sitting
  const verb = pickVerb(random, sitting.hotActivity)
  const object = sitting.hotActivity ? HOT : unitActivity(course, ranked(random, UNITS, 2))
  const grouping = programme(course % 20)
  const kind = category(course % 3)
  const id = random.uuid()
  const statement = {
    id,
    actor: sitting.group ?? sitting.actor,
    verb: { id: verb.id, display: verb.display },
    object,
    ...result(random, verb),
    context: {
      ...contextOf(sitting),
      contextActivities: { parent: [courseActivity(course)], grouping: [grouping], category: [kind] },
      platform: SOURCES[sitting.source],
      language: 'vi',
      extensions: {
        'https://mau.example/thiet-bi': { loai: random.pick(['di-dong', 'may-tinh', 'may-tinh-bang']) },
        'https://mau.example/phien': { so: random.below(1e9), mang: random.pick(['wifi', '4g', '5g']) },
      },
    },
    timestamp,
  }
  return {
    statement,
    source: sitting.source,
    findable: findable(random, id, sitting, verb, object, grouping),
  }
}

/** A statement whose object is another one: it voids it, or says something about it. */
function about(random: Random, sitting: Sitting, target: string, verb: Verb): Made {
  const id = random.uuid()
  const statement = {
    id,
    actor: sitting.actor,
    verb: { id: verb.id, display: verb.display },
    object: { objectType: 'StatementRef', id: target },
    context: contextOf(sitting, false),
  }
  return { statement, source: sitting.source, findable: findable(random, id, sitting, verb, null, null) }
}

function contextOf(sitting: Sitting, registered = true) {
  return {
    ...(registered && sitting.registration ? { registration: sitting.registration } : {}),
    ...(sitting.instructor ? { instructor: sitting.instructor } : {}),
    ...(sitting.team ? { team: sitting.team } : {}),
  }
}

function findable(
  random: Random,
  id: string,
  sitting: Sitting,
  verb: Verb,
  object: Activity | null,
  grouping: Activity | null,
): Findable {
  const beside = [sitting.instructor, ...(sitting.team?.member ?? []), ...(sitting.group?.member ?? [])]
  const others = beside.filter((one) => one !== null)
  return {
    id,
    agent: sitting.group ? random.pick(sitting.group.member) : sitting.actor,
    verb: verb.id,
    activity: object?.id ?? null,
    registration: object ? sitting.registration : null,
    relatedAgent: others.length > 0 ? random.pick(others) : null,
    relatedActivity:
      grouping &&
      (chance(random, 0.6)
        ? courseId(sitting.course)
        : random.pick([grouping.id, category(sitting.course % 3).id])),
  }
}

function pickVerb(random: Random, hotActivity: boolean): Verb {
  for (;;) {
    let left = random.next()
    for (const verb of VERBS) {
      left -= verb.share
      if (left < 0 && !(hotActivity && verb === ANSWERED)) return verb
      if (left < 0) break
    }
  }
}

function result(random: Random, verb: Verb) {
  if (!verb.scored) return {}
  const raw = random.below(101)
  return {
    result: {
      score: { scaled: raw / 100, raw, min: 0, max: 100 },
      success: raw >= 50,
      completion: true,
      duration: `PT${1 + random.below(50)}M${random.below(60)}S`,
      response: `lua-chon-${random.below(6)}[,]lua-chon-${6 + random.below(6)}`,
    },
  }
}
