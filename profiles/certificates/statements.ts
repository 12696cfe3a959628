/** Of the vocabulary by which LMSs tell of their own certificates (EDLM LMS profile). */
export const CERTIFICATE_TYPE = 'https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/certificate'
const EARNED = { id: 'http://id.tincanapi.com/verb/earned', display: { vi: 'đã được cấp', en: 'earned' } }
const EXTENSIONS = 'https://w3id.org/suotdoi/extensions/'
export const ISSUER = `${EXTENSIONS}certificate-issuer`
export const NUMBER = `${EXTENSIONS}certificate-number`

/** A certificate as a statement (xAPI 4.1). It says nothing of time spent. */
export function statementOf(given: {
  id: string
  actor: object
  activity: string
  name: string
  issuer: string
  /** '' where the paper has none. */
  number: string
  at: number
}): object {
  return {
    id: given.id,
    actor: given.actor,
    verb: EARNED,
    object: {
      objectType: 'Activity',
      id: given.activity,
      definition: {
        type: CERTIFICATE_TYPE,
        name: { vi: given.name },
        extensions: { [ISSUER]: given.issuer, ...(given.number !== '' && { [NUMBER]: given.number }) },
      },
    },
    timestamp: new Date(given.at).toISOString(),
  }
}
