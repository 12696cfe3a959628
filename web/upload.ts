import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy } from '@fastify/busboy'
import type { Request } from 'express'

export interface Upload {
  /** Where the file lies until `remove`; null when none was sent. */
  file: string | null
  /** As the sender's device calls it. */
  fileName: string
  fields: ReadonlyMap<string, string>
  /** It was larger than allowed; what came is not kept. */
  tooBig: boolean
  /** The request ended before the form did. */
  broken: boolean
  remove(): Promise<void>
}

/** Receives a form with one file (multipart/form-data), straight to disk, in bounded memory. Never throws for what a client can send. */
export async function receiveUpload(
  req: Request,
  options: { dir: string; field: string; maxBytes: number },
): Promise<Upload> {
  const fields = new Map<string, string>()
  const upload = { file: null as string | null, fileName: '', tooBig: false, broken: false }
  const path = join(options.dir, `upload-${randomUUID()}`)
  const remove = () => rm(path, { force: true })
  const contentType = req.get('content-type') ?? ''
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    return { ...upload, fields, broken: true, remove }
  }
  await mkdir(options.dir, { recursive: true })
  const writes: Promise<void>[] = []
  let part: Readable | undefined
  try {
    const form = new Busboy({
      headers: { ...req.headers, 'content-type': contentType },
      limits: { fileSize: options.maxBytes, files: 1, fields: 20, fieldSize: 20_000, parts: 30 },
    })
    form.on('field', (name, value) => fields.set(name, value))
    form.on('file', (name, stream, fileName) => {
      // An empty file field still sends a part without a name.
      if (name !== options.field || !fileName) return stream.resume()
      upload.file = path
      upload.fileName = fileName
      stream.on('limit', () => {
        upload.tooBig = true
      })
      part = stream
      writes.push(writeFile(stream, path))
    })
    await pipeline(req, form)
    await Promise.all(writes)
  } catch {
    // A form that is cut off does not end the file in it.
    part?.destroy()
    await Promise.allSettled(writes)
    upload.broken = true
  }
  if (upload.tooBig || upload.broken) {
    await remove()
    upload.file = null
  }
  return { ...upload, fields, remove }
}

/** Settles only when the file is closed: one that is removed while it is still being opened would come back. */
async function writeFile(content: Readable, path: string): Promise<void> {
  const file = createWriteStream(path, { mode: 0o600 })
  const closed = new Promise<void>((resolve) => file.once('close', () => resolve()))
  try {
    await pipeline(content, file)
  } finally {
    await closed
  }
}
