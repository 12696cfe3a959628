import { randomUUID } from 'node:crypto'
import {
  type AuditNote,
  allows,
  type Credential,
  DEFAULT_SCOPES,
  type Refusal,
  refuse,
  type Source,
  type SourceRegistry,
} from '../../lrs/index.ts'

/** Sources and credentials in memory, with the rules that pages meet. What was done is told to `note`. */
export function fakeRegistry(
  sources: Source[],
  credentials: Credential[],
  note: (entry: Omit<AuditNote, 'tenant'>) => void,
): SourceRegistry {
  const unknown = refuse({ id: 'credential-unknown', status: 404, path: 'key', message: 'No such key' })
  const of = (key: string) => credentials.find((each) => each.key === key)
  const add = (credential: Credential) => {
    credentials.push(credential)
    return { credential, secret: `secret-of-${randomUUID()}` }
  }
  const changed = (
    key: string,
    by: string,
    action: AuditNote['action'],
    change: (held: Credential) => Partial<Credential> | Refusal,
  ) => {
    const held = of(key)
    if (!held) return unknown
    const result = change(held)
    if ('problems' in result) return result
    note({ action, source: held.source, credential: key, actor: by })
    return Object.assign(held, result)
  }
  const ended = refuse({ id: 'credential-revoked', status: 409, path: 'key', message: 'Revoked' })

  return {
    list: async () => sources,
    get: async (id) => sources.find((each) => each.id === id) ?? null,
    credentials: async (source) =>
      credentials.filter((each) => source === undefined || each.source === source),
    async create(given, by) {
      const source: Source = {
        id: `source-${sources.length + 1}`,
        tenant: 't',
        name: given.name,
        kind: given.kind,
        homePages: given.homePages ?? [],
        activityPrefixes: given.activityPrefixes ?? [],
        created: Date.now(),
        ...(given.organisation !== undefined && { organisation: given.organisation }),
      }
      sources.push(source)
      note({ action: 'source-create', source: source.id, actor: by })
      return source
    },
    async change(id, change, by) {
      const source = sources.find((each) => each.id === id)
      if (!source)
        return refuse({ id: 'source-unknown', status: 404, path: 'source', message: 'No such source' })
      note({ action: 'source-change', source: id, actor: by })
      const { organisation, ...rest } = change
      if (organisation === null) delete source.organisation
      return Object.assign(source, rest, organisation && { organisation })
    },
    async issue(source, options, by) {
      const { label, scopes = DEFAULT_SCOPES, expires = null, key = randomUUID() } = options
      if (of(key))
        return refuse({ id: 'credential-key-taken', status: 409, path: 'key', message: 'The key is taken' })
      note({
        action: 'credential-issue',
        source,
        credential: key,
        actor: by,
        detail: { scopes: [...scopes] },
      })
      const now = Date.now()
      return add({
        key,
        tenant: 't',
        source,
        label,
        scopes: [...scopes],
        created: now,
        expires,
        revoked: null,
      })
    },
    async rotate(key, by, overlapMs = 86_400_000) {
      const now = Date.now()
      const old = changed(key, by, 'credential-rotate', (held) =>
        held.revoked === null ? { expires: now + overlapMs } : ended,
      )
      return 'problems' in old ? old : add({ ...old, key: randomUUID(), created: now, expires: null })
    },
    narrow: async (key, scopes, by) =>
      changed(key, by, 'credential-narrow', (held) => {
        const wider = scopes.find((scope) => !allows({ scopes: new Set(held.scopes) }, scope))
        if (wider) return refuse({ id: 'credential-scope-wider', status: 409, message: `Not ${wider}` })
        return { scopes: [...scopes] }
      }),
    revoke: async (key, by) =>
      changed(key, by, 'credential-revoke', (held) => ({ revoked: held.revoked ?? Date.now() })),
    async callerOf(source, part, scopes) {
      return {
        tenant: 't',
        source,
        credential: part,
        authority: { objectType: 'Agent', name: source, account: { homePage: 'urn:t', name: source } },
        scopes: new Set(scopes),
      }
    },
  }
}
