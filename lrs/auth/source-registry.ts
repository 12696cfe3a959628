import { appendAudit } from '../audit/entry.ts'
import { DEFAULT_SCOPES } from '../caller.ts'
import { type Problem, refuse } from '../problem.ts'
import type { Collection, Collections, Doc } from '../storage/collections.ts'
import type { TenantId } from '../storage/port.ts'
import { callerFor } from './caller-of.ts'
import { CREDENTIALS, type CredentialRow, SOURCES, sourceKey } from './collections.ts'
import {
  issueProblems,
  NAME,
  revoked,
  scopeProblems,
  takenKey,
  unknownCredential,
  unknownSource,
  widerScope,
} from './registry-problems.ts'
import { covers } from './scopes.ts'
import { digestSecret, hashSecret, newKey, newSecret } from './secrets.ts'
import type { Credential, Source, SourceRegistry } from './sources.ts'

const DAY = 86_400_000

/** Sources and credentials of one tenant, kept in the store's system collections. */
export function createSourceRegistry(system: Collections, tenant: TenantId): SourceRegistry {
  const load = async (id: string) => (await system.get(SOURCES, sourceKey(tenant, id))) ?? null
  const loadCredential = async (key: string) => {
    const doc = await system.get(CREDENTIALS, key)
    return doc && doc.value.tenant === tenant ? doc : null
  }

  /** Changes what is there by compare-and-swap, with its entry in the audit; repeats when another was faster. */
  async function changeCredential(
    key: string,
    by: string,
    action: 'credential-narrow' | 'credential-revoke',
    change: (row: CredentialRow) => Problem | Partial<CredentialRow>,
    detail: (row: CredentialRow) => { [key: string]: string[] },
  ) {
    for (;;) {
      const doc = await loadCredential(key)
      if (!doc) return refuse(unknownCredential(key))
      const changed = change(doc.value)
      if ('message' in changed) return refuse(changed)
      const row = { ...doc.value, ...changed }
      const outcome = await system.batch([
        { op: 'replace', collection: CREDENTIALS, key, value: row, revision: doc.revision },
        appendAudit({ tenant, source: row.source, credential: key, actor: by, action, detail: detail(row) }),
      ])
      if (outcome.ok) return withoutHashes(row)
    }
  }

  return {
    async create(given, by) {
      const name = given.name.trim()
      if (name === '' || name.length > 200) return refuse(NAME)
      const slug = slugOf(name)
      for (let number = 1; ; number++) {
        const id = number === 1 ? slug : `${slug}-${number}`
        const source: Source = {
          id,
          tenant,
          name,
          kind: given.kind,
          homePages: given.homePages ?? [],
          activityPrefixes: given.activityPrefixes ?? [],
          ...(given.organisation !== undefined && { organisation: given.organisation }),
          ...(given.speaksFor !== undefined && { speaksFor: given.speaksFor }),
          created: Date.now(),
        }
        const outcome = await system.batch([
          { op: 'insert', collection: SOURCES, key: sourceKey(tenant, id), value: source },
          appendAudit({
            tenant,
            source: id,
            actor: by,
            action: 'source-create',
            detail: {
              name,
              kind: given.kind,
              homePages: source.homePages,
              prefixes: source.activityPrefixes,
              ...(source.organisation && { organisation: source.organisation }),
            },
          }),
        ])
        if (outcome.ok) return source
      }
    },

    async change(id, { organisation: given, ...change }, by) {
      if (change.name !== undefined && (change.name.trim() === '' || change.name.length > 200))
        return refuse(NAME)
      for (;;) {
        const doc = await load(id)
        if (!doc) return refuse(unknownSource(id))
        const { organisation: before, ...rest } = doc.value
        const organisation = given === undefined ? before : given
        const source: Source = { ...rest, ...change, ...(organisation && { organisation }) }
        const outcome = await system.batch([
          {
            op: 'replace',
            collection: SOURCES,
            key: sourceKey(tenant, id),
            value: source,
            revision: doc.revision,
          },
          appendAudit({
            tenant,
            source: id,
            actor: by,
            action: 'source-change',
            detail: {
              name: source.name,
              homePages: source.homePages,
              prefixes: source.activityPrefixes,
              ...(organisation !== before && { organisation: organisation ?? null }),
            },
          }),
        ])
        if (outcome.ok) return source
      }
    },

    get: async (id) => (await load(id))?.value ?? null,
    list: () => all(system, SOURCES, 'tenant', { tenant }, (doc) => doc.value),

    async issue(source, options, by) {
      const { label, scopes = DEFAULT_SCOPES, expires = null, key = newKey(), secret = newSecret() } = options
      if (!(await load(source))) return refuse(unknownSource(source))
      const [problem, ...others] = issueProblems(scopes, expires, key, secret)
      if (problem) return refuse(problem, ...others)
      const row: CredentialRow = {
        key,
        tenant,
        source,
        label,
        scopes: [...new Set(scopes)],
        created: Date.now(),
        expires,
        revoked: null,
        hash: await hashSecret(secret),
        ...(options.secret === undefined && { digest: digestSecret(secret) }),
      }
      const outcome = await system.batch([
        { op: 'insert', collection: CREDENTIALS, key, value: row },
        appendAudit({
          tenant,
          source,
          credential: key,
          actor: by,
          action: 'credential-issue',
          detail: { scopes: row.scopes, expires },
        }),
      ])
      return outcome.ok ? { credential: withoutHashes(row), secret } : refuse(takenKey(key))
    },

    async rotate(key, by, overlapMs = DAY) {
      const next = { key: newKey(), secret: newSecret() }
      const hash = await hashSecret(next.secret)
      for (;;) {
        const doc = await loadCredential(key)
        if (!doc) return refuse(unknownCredential(key))
        const old = doc.value
        if (old.revoked !== null) return refuse(revoked(key))
        const now = Date.now()
        const end = Math.min(old.expires ?? Number.POSITIVE_INFINITY, now + Math.max(0, overlapMs))
        const digest = digestSecret(next.secret)
        const row: CredentialRow = { ...old, key: next.key, created: now, expires: null, hash, digest }
        const outcome = await system.batch([
          {
            op: 'replace',
            collection: CREDENTIALS,
            key,
            value: { ...old, expires: end },
            revision: doc.revision,
          },
          { op: 'insert', collection: CREDENTIALS, key: next.key, value: row },
          appendAudit({
            tenant,
            source: old.source,
            credential: key,
            actor: by,
            action: 'credential-rotate',
            detail: { to: next.key, until: end },
          }),
        ])
        if (outcome.ok) return { credential: withoutHashes(row), secret: next.secret }
      }
    },

    narrow: (key, scopes, by) =>
      changeCredential(
        key,
        by,
        'credential-narrow',
        (row) => {
          if (row.revoked !== null) return revoked(key)
          const [problem] = scopeProblems(scopes)
          if (problem) return problem
          const wider = scopes.find((scope) => !covers(row.scopes, scope))
          return wider ? widerScope(wider) : { scopes: [...new Set(scopes)] }
        },
        (row) => ({ scopes: row.scopes }),
      ),

    revoke: (key, by) =>
      changeCredential(
        key,
        by,
        'credential-revoke',
        (row) => ({ revoked: row.revoked ?? Date.now() }),
        () => ({}),
      ),

    credentials: (source) =>
      source === undefined
        ? all(system, CREDENTIALS, 'tenant', { tenant }, (doc) => withoutHashes(doc.value))
        : all(system, CREDENTIALS, 'source', { tenant, source }, (doc) => withoutHashes(doc.value)),

    async callerOf(source, part, scopes) {
      const found = await load(source)
      if (!found) throw new Error(`There is no source "${source}" in tenant "${tenant}"; create it first.`)
      return callerFor(found.value, part, scopes)
    },
  }
}

async function all<T, R>(
  system: Collections,
  collection: Collection<T>,
  index: string,
  equals: Record<string, string>,
  read: (doc: Doc<T>) => R,
): Promise<R[]> {
  const rows: R[] = []
  let after: string | null = null
  do {
    const page: { docs: Doc<T>[]; next: string | null } = await system.find(collection, {
      index,
      equals,
      limit: 500,
      ...(after === null ? {} : { after }),
    })
    rows.push(...page.docs.map(read))
    after = page.next
  } while (after !== null)
  return rows
}

function withoutHashes({ hash: _, digest: __, ...credential }: CredentialRow): Credential {
  return credential
}

/** `Trung tâm học tập Đông Hưng` → `trung-tam-hoc-tap-dong-hung`. */
function slugOf(name: string): string {
  const ascii = name.replaceAll(/[đĐ]/g, 'd').normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = ascii
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '')
  return slug === '' ? 'source' : slug
}
