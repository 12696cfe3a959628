import { holds, holdsIn, type Right } from '../../profiles/index.ts'
import type { Cast, Role, RoleName } from './cast.ts'
import type { Objects } from './objects.ts'

/** Whether a route lets this role through. */
export type Audience = (role: Role) => boolean

export interface Declared {
  for: Audience
  /** Which thing (objects.ts) stands for a parameter; without, the one that is called as the parameter is. */
  at?: Record<string, string>
  /** Fields of the form, so that who may gets as far as something is done, and who may not as far as whose it is. */
  send?: (objects: Objects) => Record<string, string | string[]>
  /** What comes to whom may; without, a page or the way on (2xx, 303). */
  answers?: readonly number[]
  /** Whom it is not for gets the same way on (303), and nothing happens. */
  quiet?: true
  /** It is the owner's, and holds none of their words. */
  wordless?: true
  /** Whom it may show what is the owner's alone (MARK), beside the owner. */
  shows?: Audience
}

/** By `METHOD /path`. In its order the routes are tried by who may: what ends something stands behind what needs it. */
export type Table = Record<string, Audience | Declared | readonly Declared[]>

const ROLE_OF_OWNER: readonly RoleName[] = ['owner', 'merged']

export const everybody: Audience = () => true
/** No role of these: what it opens to is a token, and none of them has it. */
export const noRole: Audience = () => false
export const signedIn: Audience = ({ person }) => person !== null
/** Signed in as themselves: who comes by a merge sees the record and leaves the ways into it alone. */
export const oneself: Audience = ({ name, person }) => person !== null && name !== 'merged'
export const own: Audience = ({ name }) => ROLE_OF_OWNER.includes(name)
export const authors: Audience = ({ name }) => name === 'author' || name === 'operator'
/** Who holds the right anywhere, by the one table of rights. */
export const right =
  (asked: Right): Audience =>
  ({ person }) =>
    person !== null && holds(person, asked)
export const operates = right('operate')

/** Who holds the right in the organisation of the objects; `member`: whatever they are there. */
export function rightsHere(cast: Pick<Cast, 'objects'>) {
  const here = { id: cast.objects.organisation!, state: 'active' as const }
  return (...asked: (Right | 'member')[]): Audience =>
    ({ person }) =>
      person !== null &&
      asked.some((one) =>
        one === 'member'
          ? holds(person, 'operate') ||
            (person.memberships ?? []).some(({ organisation }) => organisation === here.id)
          : holdsIn(person, here, one),
      )
}
