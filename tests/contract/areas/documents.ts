import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { DocumentKey, DocumentStore, Precondition } from '../../../lrs/storage/port.ts'
import { type Adapter, useSubject } from '../subject.ts'

const state = { kind: 'state', source: 'lms', activity: 'act', agent: 'mbox:mailto:a@b.vn' } as const
const any: Precondition = { kind: 'any' }

function documentOf(text: string) {
  const content = Buffer.from(text)
  return { content, contentType: 'text/plain', etag: createHash('sha1').update(content).digest('hex') }
}

async function textAt(documents: DocumentStore, key: DocumentKey): Promise<string | null> {
  const found = await documents.get(key)
  return found && Buffer.from(found.content).toString()
}

export function documentsContract(adapter: Adapter): void {
  describe('documents', () => {
    const { freshTenant } = useSubject(adapter)

    test('bytes come back as they were put, with type, etag and time', async () => {
      const { documents } = freshTenant()
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
      const key = { ...state, id: 'bytes' }
      expect(await documents.get(key)).toBeNull()
      await documents.put(key, { content: bytes, contentType: 'image/png', etag: 'e1' }, any)
      const found = (await documents.get(key))!
      expect(Buffer.from(found.content).equals(bytes)).toBe(true)
      expect(found).toMatchObject({ contentType: 'image/png', etag: 'e1', updated: expect.any(Number) })
      await documents.put(key, { content: Buffer.of(), contentType: 'text/plain', etag: 'e2' }, any)
      expect((await documents.get(key))!.content).toHaveLength(0)
      expect((await documents.get(key))!.updated).toBeGreaterThan(found.updated)
    })

    test('every part of a key tells documents apart', async () => {
      const { documents } = freshTenant()
      const keys: DocumentKey[] = [
        { ...state, id: 'x' },
        { ...state, id: 'x', registration: 'r1' },
        { ...state, id: 'x', registration: 'r2' },
        { ...state, id: 'y' },
        { ...state, id: 'x', source: 'other' },
        { ...state, id: 'x', activity: 'act2' },
        { ...state, id: 'x', agent: 'mbox:mailto:c@d.vn' },
        { kind: 'activity-profile', source: 'lms', activity: 'act', id: 'x' },
        { kind: 'agent-profile', source: 'lms', agent: state.agent, id: 'x' },
      ]
      for (const [i, key] of keys.entries()) {
        expect(await documents.put(key, documentOf(String(i)), { kind: 'absent' })).toEqual({ ok: true })
      }
      for (const [i, key] of keys.entries()) expect(await textAt(documents, key)).toBe(String(i))
      expect(await textAt(documents, { ...state, id: 'x', registration: null })).toBe('0')
    })

    test('all documents of an agent are named, of every source and kind, and of nobody else', async () => {
      const { documents } = freshTenant()
      const mine: DocumentKey[] = [
        { kind: 'agent-profile', source: 'lms', agent: state.agent, id: 'x' },
        { kind: 'agent-profile', source: 'other', agent: state.agent, id: 'x' },
        { ...state, id: 'x' },
        { ...state, id: 'y', registration: 'r1' },
        { ...state, id: 'tiếng "Việt", [1]', activity: 'act2' },
      ]
      const others: DocumentKey[] = [
        { ...state, agent: `${state.agent}x`, id: 'x' },
        { kind: 'activity-profile', source: 'lms', activity: state.agent, id: 'x' },
      ]
      for (const key of [...others, ...mine]) await documents.put(key, documentOf('1'), any)
      await freshTenant().documents.put({ ...state, id: 'elsewhere' }, documentOf('1'), any)
      const named = await documents.keysOf(state.agent)
      const byText = (keys: readonly DocumentKey[]) =>
        keys.map((key) => JSON.stringify(Object.entries(key).sort())).sort()
      expect(byText(named)).toEqual(byText(mine))
      for (const key of named) expect(await textAt(documents, key)).toBe('1')
      expect(await documents.keysOf('mbox:mailto:nobody@b.vn')).toEqual([])
    })

    test('a change happens only when its precondition holds, and the answer tells the etag that is there', async () => {
      const { documents } = freshTenant()
      const key = { ...state, id: 'p' }
      const [one, two] = [documentOf('one'), documentOf('two')]
      const put = (precondition: Precondition) => documents.put(key, two, precondition)
      const absent = { ok: false, current: null }
      expect(await put({ kind: 'present' })).toEqual(absent)
      expect(await put({ kind: 'etags', etags: [two.etag] })).toEqual(absent)
      expect(await documents.delete(key, { kind: 'present' })).toEqual(absent)
      expect(await documents.put(key, one, { kind: 'not-etags', etags: [one.etag] })).toEqual({ ok: true })
      const there = { ok: false, current: one.etag }
      expect(await put({ kind: 'absent' })).toEqual(there)
      expect(await put({ kind: 'etags', etags: [two.etag] })).toEqual(there)
      expect(await put({ kind: 'not-etags', etags: ['z', one.etag] })).toEqual(there)
      expect(await documents.delete(key, { kind: 'etags', etags: [two.etag] })).toEqual(there)
      expect(await textAt(documents, key)).toBe('one')
      expect(await put({ kind: 'etags', etags: ['z', one.etag] })).toEqual({ ok: true })
      expect(await documents.delete(key, { kind: 'etags', etags: [two.etag] })).toEqual({ ok: true })
      expect(await documents.get(key)).toBeNull()
      expect(await documents.delete(key, any)).toEqual({ ok: true })
    })

    test('of many changes at once to one version, one happens', async () => {
      const { documents } = freshTenant()
      const key = { ...state, id: 'race' }
      const first = documentOf('first')
      await documents.put(key, first, any)
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          documents.put(key, documentOf(`${i}`), { kind: 'etags', etags: [first.etag] }),
        ),
      )
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    })

    test('lists and clears a scope, with one, without, and over registrations', async () => {
      const { documents } = freshTenant()
      for (const registration of [undefined, 'r1', 'r2']) {
        for (const id of ['a', 'b']) {
          await documents.put({ ...state, id, ...(registration && { registration }) }, documentOf(id), any)
        }
      }
      await documents.put({ ...state, agent: 'mbox:mailto:c@d.vn', id: 'c' }, documentOf('c'), any)
      await documents.put({ ...state, source: 'other', id: 'd' }, documentOf('d'), any)
      const ids = async (scope: object, since?: number) =>
        (await documents.list({ ...state, ...scope }, since)).map(({ id }) => id).join('')
      expect(await ids({})).toBe('ababab')
      expect(await ids({ registration: null })).toBe('ab')
      expect(await ids({ registration: 'r1' })).toBe('ab')
      expect(await ids({ registration: 'r3' })).toBe('')
      const { updated } = (await documents.get({ ...state, id: 'b', registration: 'r1' }))!
      expect(await ids({}, updated)).toBe('ab')
      expect(await ids({}, updated - 1)).toBe('bab')
      expect(await documents.clear({ ...state, registration: 'r1' })).toBe(2)
      expect(await ids({})).toBe('abab')
      expect(await documents.clear({ ...state, registration: null })).toBe(2)
      expect(await documents.clear(state)).toBe(2)
      expect(await ids({ agent: 'mbox:mailto:c@d.vn' })).toBe('c')
      expect(await ids({ source: 'other' })).toBe('d')
    })

    test('re-keying moves all documents of an agent; what is there stays, and the old key is gone', async () => {
      const { documents } = freshTenant()
      const [from, to] = ['mbox:mailto:old@b.vn', 'account:http://x.vn 7']
      const profile = { kind: 'agent-profile', source: 'other', id: 'p' } as const
      await documents.put({ ...state, agent: from, id: 'a' }, documentOf('moved'), any)
      await documents.put({ ...profile, agent: from }, documentOf('moved too'), any)
      await documents.put({ ...state, agent: from, id: 'b' }, documentOf('loses'), any)
      await documents.put({ ...state, agent: to, id: 'b' }, documentOf('stays'), any)
      await documents.put(
        { kind: 'activity-profile', source: 'lms', activity: 'act', id: 'q' },
        documentOf('q'),
        any,
      )
      expect(await documents.rekeyAgent(from, to)).toBe(2)
      expect(await textAt(documents, { ...state, agent: to, id: 'a' })).toBe('moved')
      expect(await textAt(documents, { ...profile, agent: to })).toBe('moved too')
      expect(await textAt(documents, { ...state, agent: to, id: 'b' })).toBe('stays')
      expect(await documents.list({ ...state, agent: from })).toEqual([])
      expect(await documents.rekeyAgent(from, to)).toBe(0)
    })

    test('tenants have documents of their own', async () => {
      const [one, other] = [freshTenant(), freshTenant()]
      await one.documents.put({ ...state, id: 'x' }, documentOf('one'), any)
      expect(await other.documents.get({ ...state, id: 'x' })).toBeNull()
    })
  })
}
