import type { Certificate, DiaryEntry, PersonId } from '../../profiles/index.ts'
import type { WebServices } from '../services.ts'

export const diaryAddress = (id: string) => `/me/diary/${encodeURIComponent(id)}`
export const certificateAddress = (id: string) => `/me/certificates/${encodeURIComponent(id)}`

type Parts = Pick<WebServices, 'diary' | 'certificates'>

/** What a person told of themselves under this activity; null when it is nothing of theirs, or none of these. */
export async function toldUnder(
  { diary, certificates }: Parts,
  person: PersonId,
  activity: string,
): Promise<{ entry: DiaryEntry } | { certificate: Certificate } | null> {
  const id = diary.entryOf(activity)
  if (id === null) return null
  const entry = await diary.get(person, id)
  if (entry) return { entry }
  const certificate = await certificates.get(person, id)
  return certificate && { certificate }
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
