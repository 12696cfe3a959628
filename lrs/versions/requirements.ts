import type { Version } from '../statement/types.ts'

/**
 * What the problems of requests cite, in 1.0.3 and in 2.0; null where that version says nothing of it. 1.0.3 counts a
 * parameter that is missing once for each method and resource, so none of those is cited. (Problems of statements:
 * lrs/statement/problems.ts.)
 */
export const REQUIREMENTS: Readonly<Record<string, readonly [v1: string | null, v2: string | null]>> = {
  // Any request
  'version-missing': ['XAPI-00321', 'XAPI2-4.1.7-reason'],
  'version-unknown': ['XAPI-00331', 'XAPI2-4.1.7-reason'],
  'alternate-content-type': ['XAPI-00336', null],
  'alternate-version': [null, 'XAPI2-4.1.5-unknown-parameter'],
  'alternate-method': ['XAPI-00336', null],
  'alternate-extra': ['XAPI-00336', null],
  'alternate-content': ['XAPI-00336', null],
  'authorization-missing': ['XAPI-00334', 'XAPI2-4.1.1-authorization'],
  'authorization-wrong': ['XAPI-00334', 'XAPI2-4.1.1-authorization'],
  'credential-expired': ['XAPI-00334', 'XAPI2-4.1.1-authorization'],
  'credential-revoked': ['XAPI-00334', 'XAPI2-4.1.1-authorization'],
  'scope-missing': ['XAPI-00327', 'XAPI2-4.1.5-forbidden'],
  'too-large': ['XAPI-00328', 'XAPI2-4.1.5-too-large'],
  internal: ['XAPI-00329', 'XAPI2-4.1.5-most-fitting-code'],
  // Parameters
  'parameter-unknown': ['XAPI-00324', 'XAPI2-4.1.5-unknown-parameter'],
  'parameter-case': ['XAPI-00325', 'XAPI2-4.1.5-parameter-case'],
  'parameter-missing': [null, 'XAPI2-4.1.6-parameter-missing'],
  'parameter-malformed': ['XAPI-00007', 'XAPI2-4.1.6-parameter-format'],
  'agent-not-json': ['XAPI-00006', 'XAPI2-4.1.6-parameter-type'],
  'agent-anonymous': ['XAPI-00007', 'XAPI2-4.1.6-parameter-format'],
  'format-unknown': ['XAPI-00007', 'XAPI2-4.1.6-parameter-enumeration'],
  'statement-ids-both': ['XAPI-00151', 'XAPI2-4.1.6.1-both-ids'],
  'statement-id-with-filters': ['XAPI-00151', 'XAPI2-4.1.6.1-id-with-filters'],
  'since-beside-id': [null, 'XAPI2-4.1.6.2-list-since'],
  // Statements
  'content-type-statements': ['XAPI-00127', 'XAPI2-4.1.1-content-type'],
  'body-utf8': ['XAPI-00015', 'XAPI2-4.1.2-utf8'],
  'multipart-boundary-missing': ['XAPI-00131', 'XAPI2-4.1.3-multipart-boundary'],
  'multipart-broken': ['XAPI-00130', 'XAPI2-4.1.3-multipart-boundary'],
  'multipart-statements-first': ['XAPI-00134', 'XAPI2-4.1.3-multipart-statements-first'],
  'multipart-hash-missing': ['XAPI-00132', 'XAPI2-4.1.3-multipart-hash'],
  'multipart-hash-wrong': ['XAPI-00132', 'XAPI2-4.1.3-multipart-hash'],
  'multipart-encoding-missing': ['XAPI-00135', 'XAPI2-4.1.3-multipart-encoding'],
  'statement-conflict': ['XAPI-00142', 'XAPI2-4.1.6.1-id-taken'],
  'void-foreign': ['XAPI-00327', 'XAPI2-4.1.5-forbidden'],
  'void-voiding': ['XAPI-00016', 'XAPI2-4.2.5-voided'],
  // Documents
  'document-conflict': ['XAPI-00322', 'XAPI2-4.1.4-put-conflict'],
  'document-changed': ['XAPI-00322', 'XAPI2-4.1.4-precondition-failed'],
  'precondition-missing': ['XAPI-00322', 'XAPI2-4.1.4-put-conflict'],
  'precondition-malformed': ['XAPI-00322', 'XAPI2-4.1.4-if-match'],
  'document-not-json': ['XAPI-00235', null],
  'document-merge-types': ['XAPI-00232', 'XAPI2-4.1.6.2-merge-refused'],
  'document-merge-objects': ['XAPI-00229', 'XAPI2-4.1.6.2-merge-refused'],
}

/** The requirement of this version that a problem cites; undefined for a problem of ours alone. */
export function requirementOf(problem: string, version: Version): string | undefined {
  const [v1, v2] = REQUIREMENTS[problem] ?? [null, null]
  return (version === '1.0.3' ? v1 : v2) ?? undefined
}
