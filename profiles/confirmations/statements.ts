import { voidOf } from '../self-told/statements.ts'

/** Home pages of the accounts by which the product names people, and organisations. */
export interface Teller {
  people: string
  organisations: string
}

/** An organisation as an xAPI group that is identified by its account. */
export const teamOf = ({ organisations }: Teller, organisation: string) => ({
  objectType: 'Group',
  account: { homePage: organisations, name: organisation },
})

/** A person as the product names them. */
export const agentOf = ({ people }: Teller, person: string) => ({
  objectType: 'Agent',
  account: { homePage: people, name: person },
})

/** Only what is told again; the store has validated it. */
export interface ToldStatement {
  actor: object
  verb: object
  object: object
  result?: object
  context?: object
  timestamp?: string
}

/**
 * What a person told, told again by who confirms it (xAPI 4.2.5): the same actor, verb, object, result and time; who saw
 * to it is the instructor, for which organisation the team, and what it confirms is what it refers to.
 */
export function retelling(
  teller: Teller,
  given: { id: string; told: ToldStatement; statement: string; by: string; organisation: string },
): object {
  const { actor, verb, object, result, context, timestamp } = given.told
  return {
    id: given.id,
    actor,
    verb,
    object,
    ...(result && { result }),
    context: {
      ...context,
      instructor: agentOf(teller, given.by),
      team: teamOf(teller, given.organisation),
      statement: { objectType: 'StatementRef', id: given.statement },
    },
    ...(timestamp && { timestamp }),
  }
}

/** What takes it back (xAPI 4.3); by the organisation, not by one of its people. */
export function takingBack(teller: Teller, organisation: string, statement: string, at: number): object {
  return voidOf(teamOf(teller, organisation), statement, at)
}

/** Ids of the statements that these take back. */
export function voidedIn(statements: readonly unknown[]): string[] {
  return (statements as { object?: { objectType?: string; id?: string } }[]).flatMap(({ object }) =>
    object?.objectType === 'StatementRef' && object.id !== undefined ? [object.id] : [],
  )
}
