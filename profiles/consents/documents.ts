import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import type { GivenAnswer } from './types.ts'

/** Key: random. Every answer that was given; what a person says now is carried by the person. */
export const GIVEN_ANSWERS = defineCollection<GivenAnswer & { person: PersonId }>('profiles.consents', {
  person: ['person', 'at'],
})
