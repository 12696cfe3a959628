import { createHash, randomUUID } from 'node:crypto'
import { atMost, type Bench, type Benchmark, type Figure, told } from '../bench.ts'
import { untilQuiet } from '../data/quiet.ts'
import { batchText, getStream, noise, postStream, sha256 } from '../data/stream.ts'
import { megabytes, watchLargest } from '../data/watch.ts'
import type { StartedServer } from '../server.ts'

const BATCH = 10_000
const ATTACHMENT = 1_000_000_000
const ABOVE_IDLE_MB = 100

export const large: Benchmark = {
  name: 'large',
  title:
    'A batch of 10,000 statements (30 MB) in one POST; an attachment of 1 GB in and out: memory above idle',
  async run(bench) {
    const set = await bench.dataSet(10_000)
    const size = Math.ceil(ATTACHMENT * bench.scale)
    const sha2 = sha256(noise(size))
    const id = randomUUID()
    const batch = await onServer(bench, await bench.copyOf(set), (server) =>
      sendBatch(server, Math.ceil(BATCH * bench.scale)),
    )
    const data = await bench.copyOf(set)
    const put = await onServer(bench, data, (server) => sendAttachment(server, id, sha2, size))
    const got = await onServer(bench, data, (server) => readAttachment(server, id, sha2, size))
    return [
      ...figures('batch-10000', batch),
      ...figures('attachment-in', put),
      ...figures('attachment-out', got),
    ]
  },
}

interface Taken {
  /** Bytes above the memory at rest. */
  above: number
  idle: number
  seconds: number
}

function figures(name: string, { above, idle, seconds }: Taken): Figure[] {
  const lower = { higherIsBetter: false }
  return [
    atMost(`large/${name}/above-idle`, 'MB', megabytes(above), ABOVE_IDLE_MB),
    { ...told(`large/${name}/idle`, 'MB', megabytes(idle)), ...lower },
    { ...told(`large/${name}/time`, 's', seconds), ...lower },
  ]
}

/** On a server of its own, so that what one kind of work leaves in memory is not idle memory of the next. */
async function onServer(
  bench: Bench,
  dataDir: string,
  act: (server: StartedServer) => Promise<void>,
): Promise<Taken> {
  const server = await bench.start({ dataDir })
  // Code that every request needs is loaded, and the secret known.
  await postStream(server, 'application/json', batchText(1))
  await (await getStream(server, '/statements?limit=5')).resume().toArray()
  await untilQuiet(server)
  const idle = server.rssBytes()
  const watch = watchLargest(() => server.rssBytes())
  const began = performance.now()
  await act(server)
  const seconds = (performance.now() - began) / 1000
  const above = watch.stop() - idle
  await server.stop()
  return { above, idle, seconds }
}

async function sendBatch(server: StartedServer, count: number): Promise<void> {
  const { status, text } = await postStream(server, 'application/json', batchText(count))
  if (status !== 200 || JSON.parse(text).length !== count)
    throw new Error(`A batch of ${count} was answered with ${status}: ${text.slice(0, 300)}`)
}

const BOUNDARY = 'bench-boundary'

async function sendAttachment(server: StartedServer, id: string, sha2: string, size: number): Promise<void> {
  const statement = {
    id,
    actor: { objectType: 'Agent', mbox: 'mailto:hoc-vien-2@mau.example' },
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
    object: { objectType: 'Activity', id: 'https://lms-tinh.example/bai-nop' },
    attachments: [
      {
        usageType: 'https://lms-tinh.example/bai-nop',
        display: { vi: 'Bài nộp' },
        contentType: 'video/mp4',
        length: size,
        sha2,
      },
    ],
  }
  const { status, text } = await postStream(server, `multipart/mixed; boundary=${BOUNDARY}`, multipart())
  if (status !== 200) throw new Error(`An attachment was answered with ${status}: ${text.slice(0, 300)}`)

  function* multipart() {
    yield `--${BOUNDARY}\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(statement)}\r\n`
    yield `--${BOUNDARY}\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: binary\r\n`
    yield `X-Experience-API-Hash: ${sha2}\r\n\r\n`
    yield* noise(size)
    yield `\r\n--${BOUNDARY}--\r\n`
  }
}

/** Reads the statement with its attachment, and compares what came with what was sent. */
async function readAttachment(server: StartedServer, id: string, sha2: string, size: number): Promise<void> {
  const answer = await getStream(server, `/statements?statementId=${id}&attachments=true`)
  if (answer.statusCode !== 200)
    throw new Error(`An attachment was asked for and answered with ${answer.statusCode}`)
  const hash = createHash('sha256')
  let head = Buffer.alloc(0)
  let left = size
  let inside = false
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    let content = chunk
    if (!inside) {
      head = Buffer.concat([head, chunk])
      const named = head.toString('latin1').search(/x-experience-api-hash/i)
      const start = named < 0 ? -1 : head.indexOf('\r\n\r\n', named)
      if (start < 0) continue
      inside = true
      content = head.subarray(start + 4)
    }
    const part = content.subarray(0, left)
    hash.update(part)
    left -= part.length
  }
  if (left > 0 || hash.digest('hex') !== sha2)
    throw new Error('The attachment came back otherwise than it was sent.')
}
