import type { Request, RequestHandler } from 'express'
import { letGo } from '../../lrs/index.ts'
import {
  activityOf,
  EVIDENCE_LIMITS,
  type Evidence,
  type PersonId,
  type ReadyFile,
} from '../../profiles/index.ts'
import type { FieldError } from '../components/field.ts'
import { evidence } from '../i18n/messages/evidence.ts'
import { send, show, textOf, viewerOf, viewOf } from '../page.ts'
import { tooManyPage } from '../public/error-pages.ts'
import { guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import { receiveUpload } from '../upload.ts'
import type { View } from '../view.ts'

/** Name of the field with the photo or file, in every form that has one. */
export const EVIDENCE_FIELD = 'evidence'
/** What the words of a form take at most beside a file. */
const WORDS_BYTES = 100_000

export interface SentForm {
  text(name: string): string
  /** Read and ready to be kept; null when none was sent, or it was refused. */
  file: ReadyFile | null
  /** What is wrong with the file; empty when nothing is. */
  errors: FieldError[]
  /** Of the answer when there are errors. */
  status: number
}

/** Files of one person in a quarter of an hour: each may have cost a second of a core. */
const MOST_FILES = 40
/** When to come again while many photos wait, s. */
const AGAIN = 60

/** Before a form with a file is read; stands behind `signedIn`. */
export const guardFiles = (): RequestHandler[] =>
  guardForm(
    [
      {
        tries: MOST_FILES,
        of: (req) => `files of ${req.user?.id}`,
        all: (res) => res.locals.hadFile === true,
      },
    ],
    async (req, res) => {
      await letGo(req, res)
      send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429))
    },
  )

export interface FormRules {
  /** What the form's file is for, where it is about its file alone: refused unread when there is no room for it. */
  activity?: string
  /** The form has no field for a file: what is sent in one is not looked at. */
  wordsOnly?: boolean
  /** What is wrong with the words: looked at before the work that a photo is. */
  words?(form: Pick<SentForm, 'text'>): FieldError[]
}

/** A form with or without a photo or file. What is too large for certain is refused before it is read. */
export async function receiveForm(
  services: Pick<WebServices, 'evidence' | 'uploadDir'>,
  view: View,
  req: Request,
  { activity, wordsOnly = false, words = () => [] }: FormRules = {},
): Promise<SentForm> {
  if (!req.is('multipart/form-data'))
    return { text: (name) => textOf(req, name), file: null, errors: [], status: 400 }
  const person = viewerOf(view).id
  const refused = (id: string, status: number, text: SentForm['text'] = () => ''): SentForm => ({
    ...{ text, file: null, status },
    errors: [{ field: EVIDENCE_FIELD, message: evidenceProblem(view, id) }],
  })
  // A form with words too is read, so that they are not lost, unless no phone takes such a photo.
  const most = (activity === undefined ? 4 : 1) * EVIDENCE_LIMITS.fileBytes + WORDS_BYTES
  const full = activity === undefined ? null : await services.evidence.noRoom(person, activity)
  const isTooLarge = Number(req.get('content-length') ?? 0) > most
  if (full || isTooLarge) {
    if (req.res) await letGo(req, req.res)
    return full ? refused(full.problems[0]?.id ?? '', full.status) : refused('evidence-too-large', 413)
  }
  const upload = await receiveUpload(req, {
    dir: services.uploadDir,
    field: EVIDENCE_FIELD,
    maxBytes: EVIDENCE_LIMITS.fileBytes,
  })
  const text = (name: string) => upload.fields.get(name)?.trim() ?? ''
  try {
    // A form that is cut off may have had one.
    if (req.res) req.res.locals.hadFile = upload.broken || upload.tooBig || upload.file !== null
    if (upload.tooBig) return refused('evidence-too-large', 413, text)
    if (upload.broken) return refused('cut', 400, text)
    const errors = words({ text })
    if (errors.length > 0) {
      const again = upload.file ? [chooseAgain(view)] : []
      return { text, file: null, errors: [...errors, ...again], status: 400 }
    }
    if (!upload.file || wordsOnly) return { text, file: null, errors: [], status: 400 }
    const file = await services.evidence.read(upload.file, person)
    if ('problems' in file) {
      if (file.status === 503) req.res?.setHeader('Retry-After', AGAIN)
      return refused(file.problems[0]?.id ?? '', file.status, text)
    }
    return { text, file, errors: [], status: 400 }
  } finally {
    await upload.remove()
  }
}

/**
 * A form with one file for something that is there: what was kept, or what is wrong with it; null when the thing was taken
 * back while the file came in.
 */
export async function addFile(
  services: Pick<WebServices, 'evidence' | 'uploadDir'>,
  view: View,
  req: Request,
  { person, id }: { person: PersonId; id: string },
  stands: () => Promise<unknown>,
): Promise<Evidence | Pick<SentForm, 'errors' | 'status'> | null> {
  const activity = activityOf(id)
  const form = await receiveForm(services, view, req, { activity })
  const refused = (problem: string, status: number) => ({
    errors: [{ field: EVIDENCE_FIELD, message: evidenceProblem(view, problem) }],
    status,
  })
  if (form.errors.length > 0) return form
  if (!form.file) return refused('missing', 400)
  const kept = await services.evidence.add(person, activity, form.file)
  if ('problems' in kept) return refused(kept.problems[0]?.id ?? '', kept.status)
  if (await stands()) return kept
  await services.evidence.removeAll(person, activity)
  return null
}

/** Beside what is wrong with the words: a browser does not send a chosen file a second time by itself. */
export const chooseAgain = (view: View): FieldError => ({
  field: EVIDENCE_FIELD,
  message: view.say(evidence)('again'),
})

const WORDS = {
  'evidence-empty': 'empty',
  'evidence-too-large': 'tooLarge',
  'evidence-pdf-too-large': 'pdfTooLarge',
  'evidence-kind-unknown': 'kindUnknown',
  'evidence-heic': 'heic',
  'evidence-too-many-pixels': 'tooManyPixels',
  'evidence-damaged': 'damaged',
  'evidence-busy': 'busy',
  'evidence-many': 'many',
  'evidence-full': 'full',
  missing: 'missing',
  cut: 'cut',
} as const

export function evidenceProblem(view: View, id: string): string {
  const { format } = view
  const limits: Readonly<Record<string, string>> = {
    tooLarge: format.bytes(EVIDENCE_LIMITS.fileBytes),
    pdfTooLarge: format.bytes(EVIDENCE_LIMITS.pdfBytes),
    tooManyPixels: format.number(EVIDENCE_LIMITS.pixels / 1e6),
    many: format.number(EVIDENCE_LIMITS.files),
    full: format.bytes(EVIDENCE_LIMITS.personBytes),
  }
  const key = WORDS[id as keyof typeof WORDS]
  return view.say(evidence)(key, { limit: limits[key] ?? '' })
}
