import { agentKey, identifierOf, type Problem } from '../../lrs/index.ts'
import { hasCitizenNumber, REASON_NUMBER } from '../citizen-number.ts'
import { AGENT_NOT_VALID, DOCUMENT_MISSING, REASON_MISSING, ROLE_ADDRESS } from './problems.ts'
import { isRoleAddress } from './role-addresses.ts'
import type { LinkInput } from './types.ts'

const MAX_NUMBER = 100

/** What is wrong with a link before anything is looked up. */
export function problemOfInput({ agent, how, proof, reason }: LinkInput): Problem | null {
  if (!isAgentKey(agent)) return AGENT_NOT_VALID
  if (agent.startsWith('mbox:') && isRoleAddress(agent.slice('mbox:'.length))) return ROLE_ADDRESS
  if (reason.trim() === '') return REASON_MISSING
  if (hasCitizenNumber(reason)) return REASON_NUMBER
  return how === 'operator' && !isDocument(proof?.document) ? DOCUMENT_MISSING : null
}

/** Whether the text is the key of some identifier, short enough to be one that a person has. */
function isAgentKey(text: string): boolean {
  return (
    text.length <= 2000 &&
    text.isWellFormed() &&
    /^(mbox:mailto:\S+@\S+|sha1:[0-9a-f]{40}|openid:\S+|account:\S+ .+)$/su.test(text) &&
    agentKey(identifierOf(text)) === text
  )
}

/** A number, and a day that the calendar has. */
export function isDocument(document: { number: string; date: string } | undefined): boolean {
  if (!document) return false
  const { number, date } = document
  if (number.trim() === '' || number.length > MAX_NUMBER || !/^\d{4}-\d\d-\d\d$/.test(date)) return false
  const day = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date)
}
