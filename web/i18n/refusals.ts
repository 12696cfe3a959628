import type { View } from '../view.ts'
import { overview } from './messages/overview.ts'

/** Problem ids by their beginnings, the longer ones first, and what they have in common. */
const FAMILIES = [
  ['statement-conflict', 'conflict'],
  ['statement-large', 'size'],
  ['statements-many', 'size'],
  ['statement-unknown', 'unknown'],
  ['statement-id-', 'request'],
  ['authorization-busy', 'busy'],
  ['document-busy', 'busy'],
  ['document-unknown', 'unknown'],
  ['resource-unknown', 'unknown'],
  ['storage-unavailable', 'server'],
  ['body-utf8', 'format'],
  ['content-type', 'request'],
  ['content-encoding', 'request'],
  ['parameters-long', 'request'],
  ['scope', 'scope'],
  ['authorization', 'credential'],
  ['credential', 'credential'],
  ['json', 'format'],
  ['multipart', 'format'],
  ['value', 'format'],
  ['agent', 'actor'],
  ['actor', 'actor'],
  ['group', 'actor'],
  ['account', 'actor'],
  ['authority', 'actor'],
  ['attachment', 'attachment'],
  ['signature', 'signature'],
  ['voiding-object', 'statement'],
  ['void', 'void'],
  ['document', 'document'],
  ['precondition', 'document'],
  ['version', 'version'],
  ['parameter', 'request'],
  ['alternate', 'request'],
  ['method', 'request'],
  ['more', 'request'],
  ['header', 'request'],
  ['format', 'request'],
  ['since', 'request'],
  ['too-large', 'size'],
  ['body', 'size'],
  ['overloaded', 'busy'],
  ['internal', 'server'],
  ...[
    'statement',
    'verb',
    'object',
    'activity',
    'definition',
    'component',
    'correct',
    'interaction',
    'result',
    'score',
    'context',
    'relevant',
    'extension',
    'language',
    'sub',
    'property',
    'stored',
    'timestamp',
  ].map((start) => [start, 'statement'] as const),
] as const

export type Why = (typeof FAMILIES)[number][1] | 'other'

export function whyOf(problem: string): Why {
  return FAMILIES.find(([start]) => problem.startsWith(start))?.[1] ?? 'other'
}

/** What requests were mostly refused for, in words for people who do not know xAPI; null when nothing is known. */
export function mostlyBecause(view: View, problems: Readonly<Record<string, number>>): string | null {
  const sums = new Map<Why, number>()
  for (const [id, count] of Object.entries(problems)) sums.set(whyOf(id), (sums.get(whyOf(id)) ?? 0) + count)
  const most = [...sums].sort(([, a], [, b]) => b - a)[0]
  return most ? view.say(overview)(`why-${most[0]}`) : null
}
