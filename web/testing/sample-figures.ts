import type { Figures, History, Sizes, Times, Work } from '../figures.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const GB = 1e9

/** Hours and days of a server that school classes send to: busy in the day, quiet at night, a little more each week. */
export function sampleHistory(now = Date.now()): History {
  return {
    last: async (step, count) => {
      const length = step === 'hour' ? HOUR : DAY
      const offset = step === 'day' ? 17 * HOUR : 0
      const newest = Math.floor((now - offset) / length) * length + offset
      return Array.from({ length: count }, (_, at) =>
        sampleFigures(newest - (count - 1 - at) * length, length, now),
      )
    },
    sum: async (hours) => sampleFigures(now - hours * HOUR, hours * HOUR, now),
  }
}

/** Of a server that has just started for the first time. */
export function emptyHistory(now = Date.now()): History {
  const none: Times = { count: 0, p50: null, p99: null }
  const nothing = (from: number, length: number, known: boolean): Figures => ({
    from,
    length,
    known,
    statements: {},
    requests: 0,
    refused: {},
    failures: 0,
    work: { write: none, read: none, list: none, people: none },
    commits: none,
    lagSeconds: 0,
    sizes: null,
  })
  return {
    last: async (step, count) => {
      const length = step === 'hour' ? HOUR : DAY
      return Array.from({ length: count }, (_, at) =>
        nothing(now - (count - at) * length, length, at === count - 1),
      )
    },
    sum: async (hours) => nothing(now - hours * HOUR, hours * HOUR, true),
  }
}

function sampleFigures(from: number, length: number, now: number): Figures {
  const hours = length / HOUR
  const hourHere = new Date(from + 7 * HOUR).getUTCHours()
  const weekday = new Date(from + 7 * HOUR).getUTCDay()
  const day = hours >= 24 ? 7 : Math.max(0.2, 12 - Math.abs(hourHere - 13) * 1.2)
  const busy = Math.round(hours * day * (weekday === 0 ? 60 : 190) * (1 + Math.sin(from / 7.3e6) * 0.2))
  const times = (work: Work): Times => {
    const [p50, p99] = { write: [4, 28], read: [1.2, 6], list: [9, 140], people: [22, 1_450] }[work]!
    return { count: busy, p50: p50!, p99: p99! }
  }
  return {
    from,
    length,
    known: true,
    statements: { school: busy, centre: Math.round(busy * 0.3), product: Math.round(busy * 0.12), quiet: 9 },
    requests: busy * 2,
    refused: {
      centre: { count: Math.ceil(hours / 2), problems: { 'scope-missing': Math.ceil(hours / 2) } },
      school: {
        count: Math.ceil(hours / 6),
        problems: { 'agent-identifier': 3, 'statement-conflict': 1 },
      },
    },
    failures: hours >= 24 ? 2 : 0,
    work: { write: times('write'), read: times('read'), list: times('list'), people: times('people') },
    commits: { count: busy, p50: 2.1, p99: 11 },
    lagSeconds: 0.4,
    sizes: sizesAt(from + length, now),
  }
}

function sizesAt(at: number, now: number): Sizes {
  const days = Math.max(-400, (Math.min(at, now) - now) / DAY)
  const database = 18 * GB + days * 0.09 * GB
  const blobs = 6 * GB + days * 0.03 * GB
  return { database, log: 0.03 * GB, blobs, free: 92 * GB - days * 0.12 * GB, disk: 120 * GB }
}
