import { readConfig } from '../app/config.ts'
import { openServices } from '../app/services.ts'
import { createHost } from '../h5p/index.ts'
import { appendAudit } from '../lrs/index.ts'
import { drawCover } from '../profiles/index.ts'
import type { Bench } from './bench.ts'
import type { RequestBytes } from './load/work.ts'
import { lessonsAreThere } from './server.ts'

/** Lessons that come with the program: text with pictures and questions on five pages; eight questions. */
type Lesson = 'phong-duoi-nuoc' | 'phan-loai-rac'

export interface OpenedAttempt {
  id: string
  token: string
  frameUrl: string
}

/** A data folder on which the lessons that come with the program are there, and so many people are at this one. */
export async function openLessons(
  bench: Bench,
  lesson: Lesson,
  people: number,
): Promise<{ dataDir: string; attempts: OpenedAttempt[] }> {
  const dataDir = `${await bench.folder('lessons')}/data`
  const first = await bench.start({ dataDir })
  await lessonsAreThere(first.url)
  await first.stop()
  const read = readConfig({ DATA_DIR: dataDir, ...(await bench.storeOf(dataDir)) })
  if (!read.ok) throw new Error(read.messages.join('\n'))
  const opened = await openServices(read.config)
  if (!opened.ok) throw new Error(opened.message)
  const { services } = opened
  try {
    const { collections, blobs } = services.tenantStorage
    const host = await createHost({
      collections,
      blobs,
      lrs: services.lrs,
      caller: await services.sources.callerOf(services.product.id, 'h5p', ['statements/write', 'define']),
      publicUrl: services.publicUrl(),
      accountHomePage: services.accountHomePage,
      topics: services.profiles.mapping.topics,
      drawCover,
      audit: (note) => appendAudit({ tenant: services.tenant, ...note }),
    })
    const attempts: OpenedAttempt[] = []
    for (let at = 0; at < people; at++) {
      const play = await host.play(lesson, `bench-${at}`)
      if ('ok' in play) throw new Error(play.problems[0]?.message)
      attempts.push({ id: play.attempt.id, token: play.token, frameUrl: play.frameUrl })
    }
    return { dataDir, attempts }
  } finally {
    await services.close()
  }
}

/** `GET path`, as a browser asks for it. */
export function browserRequest(url: string, path: string): RequestBytes {
  const head = [
    `GET ${path} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    'Accept: */*',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Accept-Language: vi,en;q=0.8',
    'Sec-Fetch-Site: same-origin',
    'User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  ]
  return { bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n`) }
}
