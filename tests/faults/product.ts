import { chownSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { callServer, socketPath } from '../../app/cli/socket.ts'
import { type Product, type StartOptions, startProduct } from '../support/product.ts'

/** What goes wrong within the running product (inject.ts). */
export interface Fault {
  /** Its clock is so far from the machine's, ms. */
  clockMs?: number
  /** Commits fail as on a disk error. */
  failCommits?: boolean
  /** What consumers of the feed do with each statement from now on. */
  consumers?: 'throw' | 'hang'
  /** Threads of the store that die now. */
  endThread?: 'writer' | 'reader'
}

export interface FaultyProduct extends Product {
  fault(fault: Fault): Promise<void>
  kill(): Promise<void>
  /** Writes statements; several are one batch. */
  post(...numbers: number[]): Promise<Answer>
  /** Writes a statement with an attachment. */
  attach(number: number): Promise<Answer>
  /** Whether a statement is there; rejects when it is not said. */
  has(number: number): Promise<boolean>
  /** Of every request. */
  headers: Readonly<Record<string, string>>
  /** Any resource, with the credential. */
  xapi(path: string, init?: RequestInit): Promise<Answer>
  metric(name: string, labels?: string): Promise<number>
  /** What `suotdoi verify` finds. */
  verify(): Promise<{ kind: string; what: string }[]>
}
export interface Answer {
  status: number
  headers: Headers
  text: string
}

export interface FaultyOptions extends StartOptions {
  /** The account it runs under where this one may do everything. */
  unprivileged?: boolean
  /** Of an earlier start on the same folder. */
  credential?: Product['credential']
}

const NOBODY = 65_534

export async function startFaulty(options: FaultyOptions = {}): Promise<FaultyProduct> {
  const own = options.dataDir ? join(options.dataDir, '..') : mkdtempSync(join(tmpdir(), 'suotdoi-faults-'))
  const faults = join(own, 'fault')
  const uid = options.unprivileged && process.getuid?.() === 0 ? NOBODY : null
  if (uid !== null) chownSync(own, uid, uid)
  const product = await startProduct({
    ...options,
    dataDir: options.dataDir ?? join(own, 'data'),
    nodeFlags: ['--import', new URL('inject.ts', import.meta.url).href],
    env: {
      FAULTS: faults,
      INTERNAL_PORT: '0',
      ...(uid === null ? {} : { FAULTS_UID: String(uid) }),
      ...options.env,
    },
  })
  const credential = options.credential ?? product.credential
  const headers = {
    Authorization: `Basic ${Buffer.from(`${credential.key}:${credential.secret}`).toString('base64')}`,
    'X-Experience-API-Version': '1.0.3',
  }
  const xapi: FaultyProduct['xapi'] = async (path, init = {}) => {
    const answer = await fetch(`${product.url}/xapi${path}`, {
      ...init,
      headers: { ...headers, ...init.headers },
    })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  return {
    ...product,
    credential,
    async fault(fault) {
      writeFileSync(faults, JSON.stringify(fault))
      process.kill(product.pid, 'SIGUSR2')
      while (existsSync(faults)) await setTimeout(5)
    },
    async kill() {
      process.kill(product.pid, 'SIGKILL')
      await product.ended
    },
    post(...numbers) {
      const body = JSON.stringify(numbers.length === 1 ? statement(numbers[0]!) : numbers.map(statement))
      return xapi('/statements', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
    },
    attach: (number) => xapi('/statements', withAttachment(number, `attachment ${number}`)),
    async has(number) {
      const { status } = await xapi(`/statements?statementId=${idOf(number)}`)
      if (status !== 200 && status !== 404) throw new Error(`answered ${status}`)
      return status === 200
    },
    headers,
    xapi,
    async metric(name, labels = '') {
      const page = await (await fetch(`${product.internalUrl}/metrics`)).text()
      const line = page.split('\n').find((each) => each.startsWith(`${name}${labels} `))
      return Number(line?.split(' ').at(-1))
    },
    async verify() {
      const call = { command: 'verify', words: {}, options: {}, by: 'test' }
      const answer = await callServer(socketPath(product.dataDir) ?? '', call)
      return (answer!.result as { findings: { kind: string; what: string }[] }).findings
    },
  }
}

export const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

export function statement(number: number): Record<string, unknown> {
  return {
    id: idOf(number),
    actor: { account: { homePage: 'https://lms.example.vn', name: `hv-${number % 7}` } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
    object: {
      id: `https://lms.example.vn/course/${number % 20}`,
      definition: { name: { vi: `Bài ${number % 20}` }, description: { vi: 'x'.repeat(1_000) } },
    },
  }
}

export function withAttachment(
  number: number,
  content: string,
): { method: string; headers: Record<string, string>; body: string } {
  const bytes = Buffer.from(content)
  const sha2 = process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex')
  const described = {
    usageType: 'http://adlnet.gov/expapi/attachments/certificate',
    display: { vi: 'Chứng chỉ' },
    contentType: 'text/plain',
    length: bytes.length,
    sha2,
  }
  const json = JSON.stringify({ ...statement(number), attachments: [described] })
  const body = `--x\r\nContent-Type: application/json\r\n\r\n${json}\r\n--x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ${sha2}\r\n\r\n${content}\r\n--x--\r\n`
  return { method: 'POST', headers: { 'Content-Type': 'multipart/mixed; boundary=x' }, body }
}

/** Writes statements one after another on several lines, until `enough`; which were acknowledged, and which not. */
export async function writeUntil(
  product: FaultyProduct,
  from: number,
  enough: (tally: { acknowledged: number[]; refused: number[] }) => boolean,
): Promise<{ acknowledged: number[]; refused: number[]; statuses: Set<number> }> {
  const tally = { acknowledged: [] as number[], refused: [] as number[], statuses: new Set<number>() }
  let next = from
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (!enough(tally)) {
        const number = next++
        const { status } = await product.post(number)
        tally.statuses.add(status)
        ;(status === 200 ? tally.acknowledged : tally.refused).push(number)
      }
    }),
  )
  return tally
}

/** Which of these are not there. */
export async function missing(product: FaultyProduct, numbers: readonly number[]): Promise<number[]> {
  const lost: number[] = []
  for (const number of numbers) if (!(await product.has(number))) lost.push(number)
  return lost
}
