import { agentOf, type Teller, teamOf } from '../confirmations/statements.ts'
import type { TaughtClass } from './documents.ts'

const ATTENDED = {
  id: 'http://adlnet.gov/expapi/verbs/attended',
  display: { vi: 'đã tham dự', en: 'attended' },
}
const MEETING = 'http://adlnet.gov/expapi/activities/meeting'
const PLACE = 'https://w3id.org/suotdoi/extensions/place'

/** That somebody attended a class (xAPI 4.1), told by the organisation that gave it; `by` is who entered it. */
export function attendanceOf(
  teller: Teller,
  { id, of, person, by }: { id: string; of: TaughtClass; person: string; by: string },
): object {
  return {
    id,
    actor: agentOf(teller, person),
    verb: ATTENDED,
    object: {
      objectType: 'Activity',
      id: `urn:uuid:${of.id}`,
      definition: { type: MEETING, name: { vi: of.name } },
    },
    result: { duration: `PT${of.minutes}M` },
    context: {
      instructor: agentOf(teller, by),
      team: teamOf(teller, of.organisation),
      ...(of.topic !== '' && {
        contextActivities: { grouping: [{ objectType: 'Activity', id: of.topic }] },
      }),
      ...(of.place !== '' && { extensions: { [PLACE]: of.place } }),
    },
    timestamp: new Date(of.at).toISOString(),
  }
}
