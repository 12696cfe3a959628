import { createHash } from 'node:crypto'
import { type Problem, type Refusal, refuse } from '../../problem.ts'
import { type DocumentKey, holds, type Precondition, type StoredDocument } from '../../storage/port.ts'
import { PROTOCOL } from '../../versions/protocol.ts'
import { mediaType } from '../media-type.ts'
import { type Endpoint, type Handle, json, type Method, noContent, type XapiResponse } from '../request.ts'
import { jsonTextOf, mergeObjects } from './merge.ts'
import { readPrecondition } from './preconditions.ts'
import type { DocumentResource } from './resources.ts'

/** A merge that lost its race is made anew this often; then the client is told. */
const MERGE_TRIES = 20

/** The methods of a document resource. Each source has documents of its own (docs/adr/0007). */
export function documentEndpoints(resource: DocumentResource): Record<Method, Endpoint> {
  const { right } = resource
  return {
    GET: { scopes: [right, 'all/read'], body: 'none', handle: get(resource) },
    PUT: { scopes: [right], body: 'document', handle: put(resource) },
    POST: { scopes: [right], body: 'document', handle: post(resource) },
    DELETE: { scopes: [right], body: 'none', handle: remove(resource) },
  }
}

const get =
  (resource: DocumentResource): Handle =>
  async (request, { source }, { storage: { documents } }) => {
    const target = resource.some(request, source)
    if (!target.ok) return target
    if (target.id === undefined) {
      const listed = await documents.list(target.scope, target.since)
      const ids = listed.map((one) => one.id)
      const latest = listed.reduce((time, one) => Math.max(time, one.updated), 0)
      return json(200, ids, latest > 0 ? { 'Last-Modified': new Date(latest).toUTCString() } : {})
    }
    if (target.since !== undefined && !PROTOCOL[request.version].sinceBesideId) return refuse(SINCE_BESIDE_ID)
    const read = readPrecondition(request.headers)
    if (!read.ok) return read
    const document = await documents.get({ ...target.scope, id: target.id })
    if (!document) return refuse(NOT_THERE)
    if (read.precondition && !holds(read.precondition, document.etag)) {
      // RFC 9110, 13.2.2: for a GET, If-None-Match that fails means that the client has it already.
      if (request.headers.ifMatch !== undefined) return refuse(PRECONDITION_FAILED)
      return { status: 304, headers: documentHeaders(document) }
    }
    return answerWith(document)
  }

const put =
  (resource: DocumentResource): Handle =>
  async (request, { source }, { storage: { documents } }) => {
    const target = resource.one(request, source)
    if (!target.ok) return target
    const read = readPrecondition(request.headers)
    if (!read.ok) return read
    const document = documentOf(request.body)
    if ('ok' in document) return document
    const key = { ...target.scope, id: target.id ?? '' }
    const guard = resource.putGuard(request.version)
    if (!read.precondition && guard === 'always') {
      return refuse((await documents.get(key)) ? CONFLICT : PRECONDITION_MISSING)
    }
    const unguarded: Precondition = guard === 'never' ? { kind: 'any' } : { kind: 'absent' }
    const outcome = await documents.put(key, document, read.precondition ?? unguarded)
    if (outcome.ok) return noContent()
    return refuse(read.precondition ? PRECONDITION_FAILED : CONFLICT)
  }

const post =
  (resource: DocumentResource): Handle =>
  async (request, { source }, { storage: { documents }, documentBytes }) => {
    const target = resource.one(request, source)
    if (!target.ok) return target
    const read = readPrecondition(request.headers)
    if (!read.ok) return read
    const document = documentOf(request.body)
    if ('ok' in document) return document
    const key: DocumentKey = { ...target.scope, id: target.id ?? '' }
    for (let tries = 0; tries < MERGE_TRIES; tries++) {
      const current = await documents.get(key)
      if (read.precondition && !holds(read.precondition, current?.etag ?? null))
        return refuse(PRECONDITION_FAILED)
      const merged = current ? merge(current, document) : document
      if ('ok' in merged) return merged
      if (merged.content.length > documentBytes) return refuse(tooLarge(documentBytes))
      const unchanged: Precondition = current ? { kind: 'etags', etags: [current.etag] } : { kind: 'absent' }
      if ((await documents.put(key, merged, unchanged)).ok) return noContent()
    }
    return refuse(BUSY)
  }

const remove =
  (resource: DocumentResource): Handle =>
  async (request, { source }, { storage: { documents } }) => {
    const target = resource.removed(request, source)
    if (!target.ok) return target
    const read = readPrecondition(request.headers)
    if (!read.ok) return read
    if (target.id === undefined) {
      if (read.precondition) return refuse(PRECONDITION_OF_MANY)
      await documents.clear(target.scope)
      return noContent()
    }
    const outcome = await documents.delete(
      { ...target.scope, id: target.id },
      read.precondition ?? { kind: 'any' },
    )
    return outcome.ok ? noContent() : refuse(PRECONDITION_FAILED)
  }

type NewDocument = Pick<StoredDocument, 'content' | 'contentType' | 'etag'>

const isJson = (contentType: string) => mediaType(contentType) === 'application/json'

function documentOf(body: Parameters<Handle>[0]['body']): NewDocument | Refusal {
  if (body.kind !== 'document')
    throw new Error('A document endpoint was called without the bytes of a document.')
  const { content, contentType } = body
  if (isJson(contentType) && jsonTextOf(content) === null) return refuse(NOT_JSON)
  return withTag(content, contentType)
}

/** The public suite insists on the SHA-1 of the content. */
function withTag(content: Uint8Array, contentType: string): NewDocument {
  return { content, contentType, etag: createHash('sha1').update(content).digest('hex') }
}

function merge(current: StoredDocument, given: NewDocument): NewDocument | Refusal {
  if (!isJson(current.contentType) || !isJson(given.contentType)) return refuse(MERGE_TYPES)
  const older = jsonTextOf(current.content)
  const newer = jsonTextOf(given.content)
  const merged = older !== null && newer !== null ? mergeObjects(older, newer) : null
  return merged === null ? refuse(MERGE_OBJECTS) : withTag(Buffer.from(merged), 'application/json')
}

function documentHeaders(document: StoredDocument): Record<string, string> {
  return { ETag: `"${document.etag}"`, 'Last-Modified': new Date(document.updated).toUTCString() }
}
function answerWith(document: StoredDocument): XapiResponse {
  const headers = { 'Content-Type': document.contentType, ...documentHeaders(document) }
  return { status: 200, headers, body: document.content }
}

const NOT_THERE: Problem = {
  id: 'document-unknown',
  status: 404,
  message: 'There is no such document of this source. Check the parameters, or store it first.',
}
const CONFLICT: Problem = {
  id: 'document-conflict',
  status: 409,
  message:
    'The document is there already. Read it, then send its ETag in If-Match to replace it, or If-None-Match: * to only create it.',
}
const PRECONDITION_FAILED: Problem = {
  id: 'document-changed',
  status: 412,
  message:
    'The document is not as If-Match or If-None-Match says. Read it again and send the ETag that it has now.',
}
const PRECONDITION_MISSING: Problem = {
  id: 'precondition-missing',
  status: 400,
  path: 'header If-None-Match',
  message: 'PUT of a profile needs If-None-Match: * to create it, or If-Match with its ETag to replace it.',
}
const PRECONDITION_OF_MANY: Problem = {
  id: 'precondition-of-many',
  status: 400,
  path: 'header If-Match',
  message: 'A precondition guards one document: name it, or delete them all without a precondition.',
}
const SINCE_BESIDE_ID: Problem = {
  id: 'since-beside-id',
  status: 400,
  path: 'parameter since',
  message: 'since is for lists. Leave it out, or leave out the id.',
}
const NOT_JSON: Problem = {
  id: 'document-not-json',
  status: 400,
  path: 'body',
  message: 'The content type says application/json, but the body is not JSON. Correct one of the two.',
}
const MERGE_TYPES: Problem = {
  id: 'document-merge-types',
  status: 400,
  path: 'header Content-Type',
  message:
    'POST merges, and only application/json can be merged into application/json. Use PUT to replace the document.',
}
const MERGE_OBJECTS: Problem = {
  id: 'document-merge-objects',
  status: 400,
  path: 'body',
  message:
    'POST merges, and only a JSON object can be merged into a JSON object. Use PUT to replace the document.',
}
const BUSY: Problem = {
  id: 'document-busy',
  status: 503,
  message: 'Others keep changing the document. Nothing was stored; send the request again.',
}
const tooLarge = (limit: number): Problem => ({
  id: 'too-large',
  status: 413,
  path: 'body',
  message: `The merged document would have more than ${limit} bytes. Keep less in one document.`,
})
