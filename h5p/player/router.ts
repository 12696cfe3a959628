import express, {
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express'
import { rateLimit } from 'express-rate-limit'
import type { Refusal } from '../../lrs/index.ts'
import { declareDone } from '../attempt/declare.ts'
import { handIn } from '../attempt/hand-in.ts'
import { readOpened } from '../attempt/open.ts'
import { MAX_EVENTS, receive } from '../attempt/receive.ts'
import type { AttemptDeps, Opened } from '../attempt/tell.ts'
import { checkToken, type Purpose, signToken } from '../attempt/token.ts'
import { contentFiles, type FileRecord, libraryBuilds } from '../collections.ts'
import { isSafePath } from '../content/files.ts'
import { isOpen } from '../content/open.ts'
import type { Limits } from '../limits.ts'
import { problem } from '../problems.ts'
import type { Core } from './core.ts'
import { type HeldFiles, type SentFile, sendFile } from './files.ts'
import { createFrames } from './frame.ts'
import { createJoined } from './joined.ts'
import { createMemory } from './memory.ts'

/** As long as a lesson may stand open without being loaded anew. */
const FILES_TOKEN = 2 * 60 * 60 * 1000
const REQUESTS_PER_MINUTE = 120
/** Of how many library files it is remembered where they lie: some thousand libraries. */
const BUILD_FILES = 50_000

export interface PlayerDeps extends AttemptDeps {
  limits: Limits
  core: Core
  /** Files of packages, as they were sent last. */
  held: HeldFiles
  /** Origin that frames are served from; null: the product's own. */
  playerUrl: string | null
  tokenSecret: Buffer
}

/**
 * Everything under `/h5p`. `page`: the outer page's modules, and the door by which it hands in events. `frame`: the page
 * inside the frame and what it loads. Where frames have an origin of their own, each origin serves its own part and
 * nothing of the other; else the two are one router.
 */
export function playerRouters(deps: PlayerDeps): { page: Router; frame: Router } {
  const page = Router()
  const frame = deps.playerUrl === null ? page : Router()
  const { collections, blobs, held } = deps
  const send = async (request: Request, response: Response, next: NextFunction, file: SentFile) => {
    if (!(await sendFile(request, response, held, file, blobs.open))) next()
  }
  const builds = createMemory<ReadonlyMap<string, FileRecord>>(BUILD_FILES, (files) => files.size)
  const buildFiles = (key: string) =>
    builds.get(key, async () => {
      const found = await collections.get(libraryBuilds, key)
      return found && new Map(Object.entries(found.value.files))
    })
  const frameOf = createFrames(deps)
  page.use(deps.core.page)
  frame.use(deps.core.frame)

  frame.get('/frame/:attempt', async (request, response) => {
    const opened = await authorised(deps, 'frame', request.params.attempt, String(request.query.token ?? ''))
    if ('refused' in opened) return refuse(response, opened)
    const packed = request.acceptsEncodings('gzip') === 'gzip'
    const { body, policy } = await frameOf(opened, filesUrl(deps, opened), packed)
    response
      .writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Length': body.length,
        ...(packed && { 'Content-Encoding': 'gzip' }),
        Vary: 'Accept-Encoding',
        'Content-Security-Policy': policy,
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'no-referrer',
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Resource-Policy': 'same-origin',
        // It can name no other origin; the policy does.
        ...(deps.playerUrl === null && !opened.attempt.anonymous && { 'X-Frame-Options': 'SAMEORIGIN' }),
      })
      .end(body)
  })

  frame.get('/content/:content/*path', async (request, response, next) => {
    const { content } = request.params
    const file = (await isOpen(collections, content)) && (await contentFile(deps, content, joined(request)))
    if (!file) return next()
    // Content never changes: another upload is another content.
    await send(request, response, next, { ...file, keep: 'byReader' })
  })

  // A draft that its author looks at, or a lesson that was withdrawn while somebody was at it.
  frame.get('/attempts/:id/:token/content/:content/*path', async (request, response, next) => {
    const { id, token, content } = request.params
    const opened = await authorised(deps, 'files', id, token)
    if ('refused' in opened) return refuse(response, opened)
    const own = opened.played.content === content
    const file = own ? await contentFile(deps, content, joined(request)) : null
    if (!file) return next()
    await send(request, response, next, { ...file, keep: 'never' })
  })

  // A build never changes: another state of the library is another build.
  frame.get('/libraries/:build/*path', async (request, response, next) => {
    const path = joined(request)
    const file = (await buildFiles(request.params.build))?.get(path)
    if (!file) return next()
    await send(request, response, next, { ...file, path, keep: 'forEver' })
  })

  const joinedOf = createJoined(deps)
  frame.get('/joined/:name', async (request, response, next) => {
    const found = await joinedOf(request.params.name)
    if (!found || !(await sendFile(request, response, held, found.file, found.read))) next()
  })

  // In this order: who has no token neither uses up an attempt's share nor has a body read.
  const opensAttempt: RequestHandler = async (request, response, next) => {
    const token = /^Bearer (.+)$/i.exec(request.get('Authorization') ?? '')?.[1] ?? ''
    const opened = await authorised(deps, 'events', String(request.params.id), token)
    if ('refused' in opened) return refuse(response, opened)
    response.locals.opened = opened
    next()
  }
  const door = [opensAttempt, floodLimit(deps), express.json({ limit: '1mb' })]
  page.post('/attempts/:id/events', ...door, async (request: Request, response: Response) => {
    const opened = response.locals.opened as Opened
    const { events = [], state = [], sent } = (request.body ?? {}) as Record<string, unknown>
    if (
      !Array.isArray(events) ||
      !Array.isArray(state) ||
      events.length > MAX_EVENTS ||
      state.length > MAX_EVENTS
    )
      return refuse(response, {
        refused: problem(
          'h5p-events-invalid',
          400,
          `Send events and state as arrays of at most ${MAX_EVENTS}`,
        ),
      })
    response.json(await receive(deps, opened, { events, state, sent }))
  })
  // "Tôi đã học xong", where that is the rule.
  page.post('/attempts/:id/done', ...door, async (_request: Request, response: Response) => {
    answer(response, await declareDone(deps, response.locals.opened as Opened))
  })
  // The answers of an assessed attempt, all at once.
  page.post('/attempts/:id/answers', ...door, async (request: Request, response: Response) => {
    const { answers } = (request.body ?? {}) as Record<string, unknown>
    answer(response, await handIn(deps, response.locals.opened as Opened, answers))
  })
  page.use(bodyErrors)
  return { page, frame }
}

/** Where the files that the attempt plays lie: in the open, or behind the attempt while they are not published. */
function filesUrl(deps: PlayerDeps, { attempt, lesson }: Opened): string {
  if (lesson.status === 'published' && !attempt.preview) return '/h5p'
  const token = signToken(deps.tokenSecret, 'files', attempt.id, deps.now() + FILES_TOKEN)
  return `/h5p/attempts/${attempt.id}/${token}`
}

async function contentFile({ collections }: PlayerDeps, content: string, path: string) {
  const found = isSafePath(path) ? await collections.get(contentFiles, `${content}/${path}`) : null
  return found && { ...found.value, path }
}

/** A learner's page sends a few times a minute; what is refused here it sends again after Retry-After. */
function floodLimit({ refusals }: PlayerDeps): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: REQUESTS_PER_MINUTE,
    identifier: 'attempt',
    keyGenerator: (_request, response) => (response.locals.opened as Opened).attempt.id,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, response) => {
      refusals.note('h5p-events-too-many')
      refuse(response, {
        refused: problem(
          'h5p-events-too-many',
          429,
          `Send at most ${REQUESTS_PER_MINUTE} times a minute; events wait in the browser meanwhile`,
        ),
      })
    },
  })
}

/** The attempt and lesson that a token opens. The token is bound to its attempt, and with it to person and lesson. */
async function authorised(
  deps: PlayerDeps,
  purpose: Purpose,
  id: string,
  token: string,
): Promise<Opened | { refused: ReturnType<typeof problem> }> {
  const verdict = checkToken(deps.tokenSecret, purpose, id, token, deps.now())
  if (verdict === 'invalid') {
    deps.refusals.note('h5p-token-invalid')
    return {
      refused: problem(
        'h5p-token-invalid',
        401,
        'The token does not open this attempt; open the lesson again',
      ),
    }
  }
  if (verdict === 'expired')
    return {
      refused: problem('h5p-token-expired', 401, 'The token has expired; renew it or open the lesson again'),
    }
  const opened = await readOpened(deps, id)
  return opened ?? { refused: problem('h5p-attempt-gone', 410, 'The lesson of this attempt was removed') }
}

/** What a door answers: the value, or the problems of a refusal. */
function answer(response: Response, outcome: object): void {
  response.set('Cache-Control', 'no-store')
  if (!('ok' in outcome) || outcome.ok !== false) return void response.json(outcome)
  const { status, problems } = outcome as Refusal
  response.status(status).json({ problems })
}

function refuse(response: Response, { refused }: { refused: ReturnType<typeof problem> }): void {
  if (refused.status === 401) response.set('WWW-Authenticate', 'Bearer')
  response
    .status(refused.status)
    .set('Cache-Control', 'no-store')
    .json({ problems: [refused] })
}

function joined(request: Request): string {
  const path = (request.params as Record<string, string | string[]>).path
  return Array.isArray(path) ? path.join('/') : (path ?? '')
}

/** What express.json refuses: broken JSON, a wrong charset, a body that is too large. Anything else goes on. */
const bodyErrors: ErrorRequestHandler = (error, _request, response, next) => {
  const status = (error as { status?: number }).status
  if (!status || status >= 500 || response.headersSent) return next(error)
  refuse(response, {
    refused: problem(
      'h5p-body-invalid',
      status,
      status === 413 ? 'Send at most 1 MB at once' : 'Send valid JSON',
    ),
  })
}
