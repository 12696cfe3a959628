import {
  activityOf,
  type Certificate,
  type DiaryEntry,
  type Evidence,
  type PersonId,
  personsOf,
} from '../../profiles/index.ts'
import type { WebServices } from '../services.ts'

export const diaryAddress = (id: string) => `/me/diary/${encodeURIComponent(id)}`
export const certificateAddress = (id: string) => `/me/certificates/${encodeURIComponent(id)}`

type Parts = Pick<WebServices, 'diary' | 'certificates' | 'merges'>

/** What a person told of themselves under this activity; null when it is nothing of theirs, or none of these. */
export async function toldUnder(
  parts: Parts,
  person: PersonId,
  activity: string,
): Promise<{ entry: DiaryEntry } | { certificate: Certificate } | null> {
  const id = parts.diary.entryOf(activity)
  if (id === null) return null
  const entry = await ownEntry(parts, person, id)
  if (entry) return { entry }
  const certificate = await ownCertificate(parts, person, id)
  return certificate && { certificate }
}

/** Also one that they wrote while they were thought to be two. */
export const ownEntry = (parts: Pick<Parts, 'diary' | 'merges'>, person: PersonId, id: string) =>
  firstOf(parts, person, (each) => parts.diary.get(each, id))

/** As above. */
export const ownCertificate = (parts: Pick<Parts, 'certificates' | 'merges'>, person: PersonId, id: string) =>
  firstOf(parts, person, (each) => parts.certificates.get(each, id))

async function firstOf<T>(
  { merges }: Pick<Parts, 'merges'>,
  person: PersonId,
  get: (person: PersonId) => Promise<T | null>,
): Promise<T | null> {
  for (const each of await personsOf(merges, person)) {
    const found = await get(each)
    if (found !== null) return found
  }
  return null
}

/** Photos and files behind what a person told of themselves. */
export async function filesOf(
  { evidence }: Pick<WebServices, 'evidence'>,
  told: Awaited<ReturnType<typeof toldUnder>>,
): Promise<Evidence[]> {
  if (told === null) return []
  const { person, id } = 'entry' in told ? told.entry : told.certificate
  return evidence.of(person, activityOf(id))
}

/** The page of what a person told of themselves; their record where there is none any more. */
export async function placeOf(
  parts: Parts,
  { person, activity }: { person: PersonId; activity: string },
): Promise<string> {
  const told = await toldUnder(parts, person, activity)
  if (told === null) return '/me/transcript'
  return 'entry' in told ? diaryAddress(told.entry.id) : certificateAddress(told.certificate.id)
}
