/** Which of the four H it was. */
export type Did = 'hoc' | 'hoi' | 'hieu' | 'hanh'

const VERBS: Record<Did, { id: string; vi: string; en: string }> = {
  hoc: { id: 'https://w3id.org/suotdoi/verbs/learned', vi: 'đã học', en: 'learned' },
  hoi: { id: 'http://adlnet.gov/expapi/verbs/asked', vi: 'đã hỏi', en: 'asked' },
  hieu: { id: 'https://w3id.org/suotdoi/verbs/understood', vi: 'đã hiểu', en: 'understood' },
  hanh: { id: 'https://w3id.org/suotdoi/verbs/practised', vi: 'đã làm', en: 'practised' },
}
export const DIARY_TYPE = 'https://w3id.org/suotdoi/activity-types/diary-entry'

/** An entry as a statement (xAPI 4.1). */
export function statementOf(entry: {
  id: string
  actor: object
  activity: string
  what: string
  minutes: number
  did: Did
  at: number
}): object {
  const { id, vi, en } = VERBS[entry.did]
  return {
    id: entry.id,
    actor: entry.actor,
    verb: { id, display: { vi, en } },
    object: {
      objectType: 'Activity',
      id: entry.activity,
      definition: { type: DIARY_TYPE, name: { vi: entry.what } },
    },
    result: { duration: `PT${entry.minutes}M` },
    timestamp: new Date(entry.at).toISOString(),
  }
}
