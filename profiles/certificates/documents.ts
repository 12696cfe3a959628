import { defineCollection } from '../../lrs/index.ts'
import { type SelfTold, WAITING } from '../self-told/self-told.ts'
import type { Certificate } from './certificates.ts'

/** One certificate on paper. Key: random; with `urn:uuid:` it is the id of the activity that its statements speak of. */
export interface CertificateDocument extends Omit<Certificate, 'id'>, SelfTold {}

export const CERTIFICATES = defineCollection<CertificateDocument>('profiles.certificates', {
  person: ['person', 'at'],
  ...WAITING,
})
