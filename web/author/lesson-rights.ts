import type { Lesson } from '../../h5p/index.ts'
import { holdsEverywhere, holdsIn, type Organisation } from '../../profiles/index.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

/**
 * Whether the reader may change a lesson: the operator any; of an organisation's its editors all and its authors their
 * own, as long as they are in it; of those that belong to no organisation authors of the whole tenant their own.
 */
export async function mayChangeLesson(
  view: View,
  { organisations }: Pick<WebServices, 'organisations'>,
  lesson: Lesson,
): Promise<boolean> {
  const person = view.viewer
  if (!person) return false
  if (holdsEverywhere(person, 'edit-lessons')) return true
  const own = lesson.author === person.id
  if (lesson.organisation === undefined) return own && holdsEverywhere(person, 'write-lessons')
  // Most readers are in no such place: nothing is read for them.
  if (!person.memberships?.some(({ organisation }) => organisation === lesson.organisation)) return false
  const organisation = await organisations.get(lesson.organisation)
  if (!organisation) return false
  return (
    holdsIn(person, organisation, 'edit-lessons') || (own && holdsIn(person, organisation, 'write-lessons'))
  )
}

/** The organisations for which the reader may write lessons now. */
export async function organisationsToWriteFor(
  view: View,
  { organisations }: Pick<WebServices, 'organisations'>,
): Promise<Organisation[]> {
  const held = view.viewer?.memberships ?? []
  const known = await organisations.getMany(held.map(({ organisation }) => organisation))
  return [...known.values()].filter(
    (organisation) =>
      organisation.state === 'active' &&
      held.some(
        ({ organisation: id, roles }) =>
          id === organisation.id &&
          holdsIn({ roles: [], memberships: [{ organisation: id, roles }] }, organisation, 'write-lessons'),
      ),
  )
}
