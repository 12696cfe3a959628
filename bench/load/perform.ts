import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { createResponseReader } from './response.ts'
import type { Latency, Measured, RequestBytes, Work } from './work.ts'

/** Part of its time that an open loop goes on for, when it is behind. */
const PATIENCE = 0.2

interface Line {
  socket: Socket
  /** When what is under way was due; null when nothing is. */
  due: number | null
  ids: string[]
}

/** Does the work over raw lines. Rejects when a line cannot be opened at the start, or an answer cannot be read. */
export async function perform(work: Work): Promise<Measured> {
  const { hostname, port } = new URL(work.url)
  const histogram = createHistogram({ figures: 3 })
  const statuses: Record<string, number> = {}
  const acknowledged: Measured['acknowledged'] = []
  const bodies: Uint8Array[] = []
  const cpu = process.cpuUsage()
  const idle: Line[] = []
  const most = work.count ?? Number.POSITIVE_INFINITY
  let sent = 0
  let answers = 0
  let lost = 0
  let bytesIn = 0
  let ending = false
  let lastAnswer = 0
  const { promise: done, resolve: finish, reject: fail } = Promise.withResolvers<void>()

  const lines = new Set<Line>()
  await Promise.all(Array.from({ length: work.connections }, () => openLine()))
  const start = performance.now()
  const until = start + (work.durationMs ?? Number.POSITIVE_INFINITY)
  const patience = (work.durationMs ?? 0) * PATIENCE
  // Where time alone ends the work and answers stop coming, somebody has to look at the clock.
  const clock = work.durationMs === undefined ? null : setTimeout(endWhenDone, work.durationMs)
  const pace = work.perSecond === undefined ? null : startPace(work.perSecond)
  if (!pace) for (const line of idle.splice(0)) sendNext(line, performance.now())
  endWhenDone()
  await done
  ending = true
  if (clock) clearTimeout(clock)
  if (pace) clearInterval(pace)
  for (const { socket } of lines) socket.destroy()

  const seconds = (lastAnswer - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return {
    answers,
    statuses,
    lost,
    seconds,
    perSecond: answers / seconds,
    latency: latencyOf(histogram),
    bytesIn,
    cpuMs: (user + system) / 1000,
    acknowledged,
    bodies,
  }

  async function openLine(): Promise<void> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    const line: Line = { socket, due: null, ids: [] }
    const read = createResponseReader((status, body, closes) => {
      if (closes) socket.end()
      answered(line, status, body, closes)
    }, work.bodies !== undefined)
    socket.on('data', (chunk: Buffer) => {
      bytesIn += chunk.length
      // A line on which nothing was asked for is told good-bye, and closed: another takes its place.
      if (line.due === null) return
      try {
        read(chunk)
      } catch (error) {
        fail(error)
      }
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    socket.on('error', () => {})
    socket.once('close', () => closed(line))
    lines.add(line)
    idle.push(line)
  }

  function answered(line: Line, status: number, body: Buffer | null, closes: boolean): void {
    const now = performance.now()
    histogram.record(Math.max(1, Math.round((now - line.due!) * 1000)))
    line.due = null
    lastAnswer = now
    answers++
    statuses[status] = (statuses[status] ?? 0) + 1
    if (work.acknowledged && (status === 200 || status === 204))
      acknowledged.push({ ids: line.ids, at: performance.timeOrigin + now })
    if (body && bodies.length < work.bodies!) bodies.push(body)
    if (!closes) free(line)
    endWhenDone()
  }

  function closed(line: Line): void {
    lines.delete(line)
    const at = idle.indexOf(line)
    if (at >= 0) idle.splice(at, 1)
    if (line.due !== null) {
      lost++
      lastAnswer = performance.now()
    }
    endWhenDone()
    if (ending || isOver()) return
    openLine().then(
      () => {
        if (!pace && idle.length > 0) free(idle.pop()!)
      },
      (error) => fail(error),
    )
  }

  function free(line: Line): void {
    if (pace || isOver()) idle.push(line)
    else sendNext(line, performance.now())
  }

  function sendNext(line: Line, due: number): void {
    const request = work.requests[sent % work.requests.length]!
    sent++
    line.due = due
    line.ids = []
    line.socket.write(withFreshIds(request, line.ids))
  }

  /** Open loop: what is due goes out on the next free line, late or not. */
  function startPace(perSecond: number): NodeJS.Timeout {
    return setInterval(() => {
      const now = Math.min(performance.now(), until)
      while (idle.length > 0 && !isOver()) {
        const due = start + (sent * 1000) / perSecond
        if (due > now) break
        sendNext(idle.pop()!, due)
      }
      endWhenDone()
    }, 1)
  }

  function isOver(): boolean {
    if (sent >= most) return true
    if (work.perSecond === undefined) return performance.now() >= until
    // Where the answers do not keep up, what is still due is given up in the end; the rate tells it.
    return start + (sent * 1000) / work.perSecond >= until || performance.now() >= until + patience
  }

  function endWhenDone(): void {
    if (answers + lost >= sent && isOver()) finish()
  }
}

function withFreshIds({ bytes, ids }: RequestBytes, sent: string[]): Uint8Array {
  if (!ids || ids.length === 0) return bytes
  const fresh = Buffer.from(bytes)
  for (const at of ids) {
    const id = randomUUID()
    fresh.write(id, at, 'latin1')
    sent.push(id)
  }
  return fresh
}

/** The histogram counts whole microseconds. */
function latencyOf(histogram: RecordableHistogram): Latency {
  const ms = (percent: number) => histogram.percentile(percent) / 1000
  return {
    mean: histogram.mean / 1000,
    p50: ms(50),
    p90: ms(90),
    p95: ms(95),
    p99: ms(99),
    p999: ms(99.9),
    max: histogram.max / 1000,
  }
}
