import { createWriteStream } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import express from 'express'
import { ZipFile } from 'yazl'
import { playerOrigin } from '../../app/player-origin.ts'
import {
  createHost,
  type DraftChange,
  type Host,
  type HostDeps,
  type Lesson,
  type Limits,
  type Topic,
} from '../../h5p/index.ts'
import { appendAudit, type Caller, createLrs, type Lrs } from '../../lrs/index.ts'
import type { TenantStorage } from '../../lrs/storage/port.ts'
import { drawCover } from '../../profiles/index.ts'
import shipped from '../../schemas/topics.json' with { type: 'json' }
import { openTestStore } from './store.ts'

/** The host of lessons over a real store and the real record store, listening on a free port. */
export interface HostWorld {
  host: Host
  store: TenantStorage
  url: string
  /** Where frames come from, where that is another origin. */
  playerUrl: string | null
  accountHomePage: string
  directory: string
  /** Moves the host's clock on, ms. */
  pass(ms: number): void
  /** A package of these files, as an author would upload it. */
  zip(files: ReadonlyMap<string, Buffer | string> | Record<string, Buffer | string>): Promise<string>
  upload(
    file: string,
    options?: { install?: boolean; person?: string },
  ): ReturnType<Host['lessons']['upload']>
  /** Uploads as an administrator, with all that publishing asks for, and publishes. */
  publish(file: string, person?: string): Promise<Lesson>
  /** Statements in the record store, in order. */
  statements(): Promise<Record<string, unknown>[]>
  /** Straight to the record store, as the host would. */
  record(statements: readonly unknown[]): ReturnType<Lrs['recordStatements']>
  /** Serves the same store at another address as well, with frames in the other way; resolves to it. */
  otherwise(): Promise<string>
  /** Another host on the same store, as another process would be. */
  again(change?: Partial<HostDeps>): Promise<Host>
  close(): Promise<void>
}

export const TOPIC = 'https://w3id.org/suotdoi/topics/moi-truong'
/** The topics that ship. */
export const TOPICS: readonly Topic[] = shipped.map(({ iri, ...names }) => ({ id: iri, ...names }))
const DETAILS: DraftChange = { topics: [TOPIC], licence: { code: 'CC BY-SA', version: '4.0' } }

export async function openHostWorld(
  limits: Partial<Limits> = {},
  {
    ownOrigin = false,
    scan,
  }: { ownOrigin?: boolean; scan?: NonNullable<Parameters<typeof createHost>[0]['scan']> } = {},
): Promise<HostWorld> {
  const opened = await openTestStore()
  const { storage, directory } = opened
  const store = storage.tenant('province')
  const lrs = createLrs({ storage, tenant: 'province' })
  let offset = 0
  const accountHomePage = 'https://suotdoi.example.org/people'
  const { collections, blobs } = store
  const hostAt = (publicUrl: string, playerUrl: string | null, change: Partial<HostDeps> = {}) =>
    createHost({
      collections,
      blobs,
      lrs,
      caller: CALLER,
      publicUrl,
      playerUrl,
      accountHomePage,
      topics: async () => TOPICS,
      drawCover,
      audit: (note) => appendAudit({ tenant: 'province', ...note }),
      limits,
      ...(scan && { scan }),
      now: () => Date.now() + offset,
      ...change,
    })
  const servers: Server[] = []
  async function serve(ownOrigin: boolean) {
    const app = express()
    const server = createServer(app)
    servers.push(server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    // Browsers look this name up nowhere: it is this machine.
    const playerUrl = ownOrigin ? url.replace('127.0.0.1', 'player.localhost') : null
    const host = await hostAt(url, playerUrl)
    if (playerUrl !== null && host.frameRouter)
      app.use(playerOrigin({ origin: playerUrl, frames: host.frameRouter }))
    app.use('/h5p', host.router)
    app.get('/play/:lesson/:person', async (req, res) => {
      res.type('html').send(await lessonPage(host, req.params.lesson, req.params.person))
    })
    return { host, url, playerUrl }
  }
  const { host, url, playerUrl } = await serve(ownOrigin)
  let packages = 0

  const world: HostWorld = {
    host,
    store,
    url,
    playerUrl,
    accountHomePage,
    directory,
    again: (change) => hostAt(url, playerUrl, change),
    otherwise: async () => (await serve(!ownOrigin)).url,
    pass(ms) {
      offset += ms
    },
    async zip(files) {
      const file = join(directory, `package-${++packages}.h5p`)
      const zip = new ZipFile()
      for (const [path, content] of files instanceof Map ? files : Object.entries(files))
        zip.addBuffer(Buffer.from(content), path)
      zip.end()
      await pipeline(zip.outputStream, createWriteStream(file))
      return file
    },
    upload: (file, { install = true, person = 'an' } = {}) =>
      host.lessons.upload(file, { person, mayInstallLibraries: install }, DETAILS),
    async publish(file, person) {
      const lesson = taken(await world.upload(file, person ? { person } : {}))
      return taken(await host.lessons.publish(lesson.id, { by: lesson.author }))
    },
    record: (statements) => lrs.recordStatements(CALLER, { version: '1.0.3', statements }),
    async statements() {
      const page = await lrs.queryStatements(CALLER, {
        keys: [],
        ascending: true,
        limit: 1000,
        maxBytes: 10_000_000,
      })
      return taken(page).statements.map((each) => JSON.parse(each.text) as Record<string, unknown>)
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((done) => server.close(done))
      }
      await opened.close()
    },
  }
  return world
}

const CALLER: Caller = {
  tenant: 'province',
  source: 'product',
  credential: 'h5p',
  authority: {
    objectType: 'Agent',
    name: 'Suốt Đời',
    account: { homePage: 'https://suotdoi.example.org/sources', name: 'product' },
  },
  scopes: new Set(['statements/write', 'statements/read/mine', 'define']),
}

/** The value, or an error with the problems of the refusal. */
export function taken<T extends object>(outcome: T): Exclude<T, { ok: false }> {
  if ('ok' in outcome && outcome.ok === false)
    throw new Error(JSON.stringify('problems' in outcome ? outcome.problems : outcome))
  return outcome as Exclude<T, { ok: false }>
}

/** The outer page as small as it can be: the frame, the module, and what it tells. */
async function lessonPage(host: Host, lesson: string, person: string): Promise<string> {
  const { attempt, token, frameUrl, sandbox } = taken(await host.play(lesson, person))
  return `<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Bài học</title>
<style>body{margin:0;padding:16px;background:#fbfaf6}@media (prefers-color-scheme:dark){body{background:#12191a}}
main{max-width:720px;margin:auto}iframe{width:100%;border:0;display:block}</style>
<main><iframe sandbox="${sandbox}" referrerpolicy="no-referrer" allow="fullscreen; autoplay" title="Bài học" src="${frameUrl.replaceAll('&', '&amp;')}"
data-h5p-attempt="${attempt.id}" data-h5p-token="${token}"></iframe></main>
<script>window.told=[];for(const type of ['h5p:status','h5p:finished','h5p:refused'])
document.querySelector('iframe').addEventListener(type,event=>told.push({type,detail:event.detail}))</script>
<script type="module" src="${host.outerScript}"></script></html>`
}
