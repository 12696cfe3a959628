import {
  type AuditFilter,
  type AuditNote,
  type AuditPage,
  appendAudit,
  createForeignReadLog,
  createLrs,
  createSourceRegistry,
  createTenants,
  DEFAULT_TENANT,
  doAlone,
  hasTenants,
  type Lrs,
  readAudit,
  type Source,
  type SourceRegistry,
  sealAudit,
  type Tenants,
} from '../lrs/index.ts'
import type { Collections } from '../lrs/storage/collections.ts'
import type { Storage, TenantId, TenantStorage } from '../lrs/storage/port.ts'
import {
  type Archives,
  type Certificates,
  type Classes,
  type Confirmations,
  createArchives,
  createCertificates,
  createClasses,
  createConfirmations,
  createDiary,
  createDisputes,
  createEvidences,
  createProfiles,
  type Diary,
  type Disputes,
  type Evidences,
  filesOf,
  type ProfilesPart,
} from '../profiles/index.ts'
import { centreSources } from './centre-sources.ts'
import type { Config } from './config.ts'
import { type OpenedStore, openStore, storeName, whyStoreFails } from './open-store.ts'
import { secretFor } from './secrets.ts'

/** The opened store and what works on it: what a command needs, and what the server is built on. */
export interface Services {
  storage: Storage
  /** Where this process puts what passes. */
  folder: string
  tenants: Tenants
  /** The tenant that pages and commands are about. */
  tenant: TenantId
  tenantStorage: TenantStorage
  sources: SourceRegistry
  /** The source that this product itself records as. */
  product: Source
  lrs: Lrs
  profiles: ProfilesPart
  diary: Diary
  confirmations: Confirmations
  classes: Classes
  certificates: Certificates
  evidence: Evidences
  disputes: Disputes
  archives: Archives
  /** Home page of the accounts by which the product names people; the same for ever, whatever the address. */
  accountHomePage: string
  foreignReads: ReturnType<typeof createForeignReadLog>
  audit: {
    /** Appends an entry of the tenant that stands by itself. */
    append(note: Omit<AuditNote, 'tenant'>): Promise<void>
    read(filter: AuditFilter): Promise<AuditPage>
    /** Where entries lie: beside what they tell of. */
    stores: readonly Collections[]
  }
  /** Where people reach the server, without a slash at the end. */
  publicUrl(): string
  /** Told of what parts of the product store; set by who counts it. */
  onStored(stored: { source: string; statements: number }): void
  /** Closes the store and gives the folder free. */
  close(): Promise<void>
}

export interface OpenOptions {
  publicUrl?: () => string
  /** Runs before the store is opened; what it says in words is why that is not done. */
  taken?: () => Promise<string | null>
  /** Refuses a database that no server was ever started on: a mistyped name would make a new one. */
  mustBeThere?: boolean
}

/** Opens and migrates the store. A value says in words why that cannot be. */
export async function openServices(
  config: Config,
  {
    publicUrl = () => config.publicUrl ?? `http://localhost:${config.port}`,
    taken,
    mustBeThere = false,
  }: OpenOptions = {},
): Promise<{ ok: true; services: Services } | { ok: false; message: string }> {
  const outcome = await openStore(config, taken)
  if (!outcome.ok) return outcome
  const { opened } = outcome
  try {
    if (mustBeThere && !(await hasTenants(opened.storage))) {
      await opened.close()
      return {
        ok: false,
        message: `There is no data in ${storeName(config)}. Start the server once (npm start), or correct STORE_URL.`,
      }
    }
    return { ok: true, services: await openParts(opened, publicUrl) }
  } catch (error) {
    await opened.close()
    const message = whyStoreFails(config, error)
    if (message === null) throw error
    return { ok: false, message }
  }
}

async function openParts(
  { storage, folder, close }: OpenedStore,
  publicUrl: () => string,
): Promise<Services> {
  const tenants = await createTenants(storage)
  const tenant = DEFAULT_TENANT
  const tenantStorage = storage.tenant(tenant)
  const { collections, statements, documents, feed, blobs } = tenantStorage
  const stores = [storage.system, collections]
  // Before anything is appended: a clock that went back while the server was stopped must not reach what was sealed.
  for (const store of stores) await sealAudit(store, tenant)
  const sources = createSourceRegistry(storage.system, tenant)
  const accountHomePage = `urn:suotdoi:tenant:${tenant}:people`
  const sourceKind = async (id: string) => (await sources.get(id))?.kind ?? null
  const audit = (note: Omit<AuditNote, 'tenant'>) => appendAudit({ tenant, ...note })
  const profiles = await createProfiles({
    collections,
    statements,
    feed,
    blobs,
    sourceKind,
    async vouches(id, homePage) {
      const owners = (await sources.list()).filter(({ homePages }) => homePages.includes(homePage))
      return owners.length === 0 || owners.some((owner) => owner.id === id)
    },
    accountHomePage,
    audit,
    sealSecret: await secretFor(storage.system, 'seal'),
  })
  const foreignReads = createForeignReadLog(storage.system)
  const lrs = createLrs({
    storage,
    tenant,
    onForeignRead(read) {
      // What stands behind people's own records is theirs, whoever sent it.
      if (read.caller.credential !== OWN_RECORD) foreignReads.note(read)
    },
    onStored: (stored) => services.onStored(stored),
  })
  const centre = {
    collections,
    lrs,
    centreOf: centreSources(storage, sources, profiles.organisations),
    teller: { people: accountHomePage, organisations: `urn:suotdoi:tenant:${tenant}:organisations` },
    audit,
    now: Date.now,
  }
  const confirmations = createConfirmations({ ...centre, statements, sourceKind })
  const classes = createClasses({ ...centre, topics: profiles.mapping.topics })
  const diarySource = await ownSource(storage, sources, { kind: 'diary', name: 'Nhật ký học' })
  const evidence = createEvidences({ collections, blobs, now: Date.now })
  const selfTold = {
    collections,
    lrs,
    caller: await sources.callerOf(diarySource.id, 'diary', ['statements/write', 'define']),
    accountHomePage,
    fall: confirmations.fall,
    forget: evidence.removeAll,
    now: Date.now,
  }
  const diary = createDiary(selfTold)
  const certificates = createCertificates(selfTold)
  const disputes = createDisputes({
    collections,
    statements,
    transcript: profiles.transcript,
    accounts: profiles.accounts,
    lrs,
    isOwnWord: async (id) => (await sources.get(id))?.kind === 'diary',
    organisationOf: async (id) => (await sources.get(id))?.organisation ?? null,
    async callerOf(id) {
      const source = await sources.get(id)
      // What an organisation's staff told here they told through this product too.
      const isOurs = source?.kind === 'product' || source?.speaksFor !== undefined
      if (!isOurs) return null
      const caller = await sources.callerOf(id, 'corrections', ['statements/write'])
      return { caller, organisation: source.speaksFor ?? null }
    },
    audit: (note) => appendAudit({ tenant, ...note }),
    now: Date.now,
  })
  const contents = {
    statements,
    documents,
    accounts: profiles.accounts,
    identifiers: profiles.identifiers,
    links: profiles.links,
    merges: profiles.merges,
    transcript: profiles.transcript,
    twins: profiles.twins,
    shares: profiles.shares,
    hidden: profiles.hidden,
    disputes,
    diary,
    accesses: profiles.accesses,
    confirmations,
    certificates,
    evidence,
    consents: profiles.consents,
    async tellers() {
      const all = new Map((await sources.list()).map((source) => [source.id, source]))
      const owners = [...all.values()].flatMap(({ organisation }) => organisation ?? [])
      const organisations = await profiles.organisations.getMany([...new Set(owners)])
      return (id: string) => {
        const source = all.get(id)
        const organisation = organisations.get(source?.organisation ?? '')?.name ?? null
        return source && { name: source.name, organisation }
      }
    },
  }
  const archives = createArchives({
    collections,
    blobs,
    filesOf: (person) => filesOf(contents, person),
    note: (person) => appendAudit({ tenant, action: 'archive-make', actor: person, subjects: [person] }),
    now: Date.now,
  })
  const services: Services = {
    storage,
    folder,
    tenants,
    tenant,
    tenantStorage,
    sources,
    product: await ownSource(storage, sources, { kind: 'product', name: 'Suốt Đời' }),
    lrs,
    profiles,
    diary,
    confirmations,
    classes,
    certificates,
    evidence,
    disputes,
    archives,
    accountHomePage,
    foreignReads,
    audit: {
      async append(note) {
        await storage.system.batch([appendAudit({ tenant, ...note })])
      },
      read: (filter) => readAudit(stores, tenant, filter),
      stores,
    },
    publicUrl,
    onStored() {},
    async close() {
      await foreignReads.flush()
      await close()
    },
  }
  return services
}

/** What the pages read with for people who look at their own record. */
export const OWN_RECORD = 'own-record'

/** The product's own source, made at the first start. */
async function ownSource(
  storage: Storage,
  sources: SourceRegistry,
  own: Pick<Source, 'kind' | 'name'>,
): Promise<Source> {
  const find = async () => (await sources.list()).find((source) => source.kind === own.kind)
  const known = await find()
  if (known) return known
  // Processes that start together for the first time make one.
  return doAlone(storage, `${own.kind} source`, async () => {
    const made = (await find()) ?? (await sources.create(own, 'start'))
    if ('ok' in made) throw new Error(`The product's own source was refused: ${made.problems[0]?.message}`)
    return made
  })
}
