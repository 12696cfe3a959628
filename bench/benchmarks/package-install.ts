import { randomBytes } from 'node:crypto'
import { createWriteStream, openAsBlob } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { readConfig } from '../../app/config.ts'
import { openServices } from '../../app/services.ts'
import { atMost, type Bench, type Benchmark, median, told } from '../bench.ts'
import { untilQuiet } from '../data/quiet.ts'
import { megabytes, watchLargest } from '../data/watch.ts'
import { type Somebody, signIn, somebody } from '../people.ts'
import { lessonsAreThere } from '../server.ts'

const MB = 1_000_000
/** A film, and pictures beside it. */
const FILM = 80 * MB
const PICTURES = 40
const PICTURE = 0.5 * MB
const BOUND_MB = 150

export const packageInstall: Benchmark = {
  name: 'package-install',
  title: `A package of ${(FILM + PICTURES * PICTURE) / MB} MB with a library of its own, uploaded by the page as an operator does: what the server holds above what it held at rest`,
  async run(bench) {
    const dataDir = join(await bench.folder('install'), 'data')
    const operator = await withOperator(bench, dataDir)
    const file = join(await bench.folder('package'), 'film.h5p')
    const server = await bench.start({ dataDir })
    const cookie = await signIn(server.url, operator)
    const above: number[] = []
    const seconds: number[] = []
    for (let round = 0; round <= bench.rounds; round++) {
      // Others each time: what is there already is not stored again.
      await writePackage(file, round, bench.scale)
      await untilQuiet(server)
      const idle = server.rssBytes()
      const watch = watchLargest(() => server.rssBytes())
      const began = performance.now()
      await upload(server.url, cookie, file)
      seconds.push((performance.now() - began) / 1000)
      above.push(watch.stop() - idle)
      bench.say(`  ${megabytes(above.at(-1)!).toFixed(0)} MB above ${megabytes(idle).toFixed(0)} MB`)
    }
    await server.stop()
    // The first one loads what uploads need.
    const [first] = above.map(megabytes)
    return [
      atMost('package-install', 'MB', Math.max(...above.map(megabytes)), BOUND_MB),
      { ...told('package-install/first', 'MB', first!), higherIsBetter: false },
      { ...told('package-install/seconds', 's', median(seconds)), higherIsBetter: false },
    ]
  },
}

/** Somebody who may install libraries, registered while no server runs. */
async function withOperator(bench: Bench, dataDir: string): Promise<Somebody> {
  const first = await bench.start({ dataDir })
  await lessonsAreThere(first.url)
  await first.stop()
  const read = readConfig({ DATA_DIR: dataDir, ...(await bench.storeOf(dataDir)) })
  if (!read.ok) throw new Error(read.messages.join('\n'))
  const opened = await openServices(read.config)
  if (!opened.ok) throw new Error(opened.message)
  const { profiles, close } = opened.services
  try {
    const operator = await somebody(profiles, 1)
    for (const role of ['operator', 'author'] as const)
      await profiles.accounts.grant(operator.id, role, 'bench')
    return operator
  } finally {
    await close()
  }
}

async function writePackage(file: string, round: number, scale: number): Promise<void> {
  const named = { machineName: 'Bench.Film', majorVersion: 1, minorVersion: 0 }
  const film = { path: 'videos/film.mp4', mime: 'video/mp4', copyright: { license: 'U' } }
  const pictures = Array.from({ length: PICTURES }, (_, at) => ({
    path: `images/${at}.jpg`,
    mime: 'image/jpeg',
  }))
  const field = (name: string, type: string) => ({ name, type, label: name, optional: true })
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))
  const zip = new ZipFile()
  const add = (path: string, content: Buffer, compress = true) => zip.addBuffer(content, path, { compress })
  add(
    'h5p.json',
    json({
      title: `Film ${round}`,
      language: 'vi',
      mainLibrary: named.machineName,
      embedTypes: ['div'],
      license: 'U',
      preloadedDependencies: [named],
    }),
  )
  add('content/content.json', json({ film: [film], pictures }))
  add(
    'Bench.Film-1.0/library.json',
    json({ ...named, title: 'Film', patchVersion: round, runnable: 1, preloadedJs: [{ path: 'film.js' }] }),
  )
  add(
    'Bench.Film-1.0/semantics.json',
    json([
      field('film', 'video'),
      { ...field('pictures', 'list'), entity: 'picture', field: field('picture', 'image') },
    ]),
  )
  add('Bench.Film-1.0/film.js', Buffer.from('var H5P = H5P || {}'))
  for (const { path } of pictures) add(`content/${path}`, randomBytes(Math.ceil(PICTURE * scale)), false)
  add(`content/${film.path}`, randomBytes(Math.ceil(FILM * scale)), false)
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
}

async function upload(url: string, cookie: string, file: string): Promise<void> {
  const form = new FormData()
  form.set('title', 'Film')
  form.set('package', await openAsBlob(file), 'film.h5p')
  const answer = await fetch(`${url}/author/upload`, {
    method: 'POST',
    headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' },
    body: form,
    redirect: 'manual',
  })
  const page = await answer.text()
  if (answer.status !== 303)
    throw new Error(`The upload was answered ${answer.status}: ${/<li>.*?<\/li>/s.exec(page)?.[0] ?? ''}`)
}
