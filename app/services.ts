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
  type Lrs,
  readAudit,
  type Source,
  type SourceRegistry,
  sealAudit,
  type Tenants,
} from '../lrs/index.ts'
import {
  type Collections,
  type Storage,
  StorageUnavailable,
  type TenantId,
  type TenantStorage,
} from '../lrs/storage/port.ts'
import { finishRestore, openSqlite } from '../lrs/storage/sqlite/index.ts'
import { createProfiles, type ProfilesPart } from '../profiles/index.ts'
import type { Config } from './config.ts'
import { takeDataFolder } from './data-folder.ts'

/** The opened store and what works on it: what a command needs, and what the server is built on. */
export interface Services {
  storage: Storage
  tenants: Tenants
  /** The tenant that pages and commands are about. */
  tenant: TenantId
  tenantStorage: TenantStorage
  sources: SourceRegistry
  /** The source that this product itself records as. */
  product: Source
  lrs: Lrs
  profiles: ProfilesPart
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

/**
 * Takes the data folder, opens and migrates its store. A value says in words why that cannot be; so may `taken`, which
 * runs between the two.
 */
export async function openServices(
  config: Config,
  publicUrl: () => string = () => config.publicUrl ?? `http://localhost:${config.port}`,
  taken: () => Promise<string | null> = async () => null,
): Promise<{ ok: true; services: Services } | { ok: false; message: string }> {
  const { dataDir } = config
  const folder = takeDataFolder(dataDir)
  if (!folder.ok) return folder
  const unlock = folder.release
  const refused = (await finishRestore(dataDir)) ?? (await taken())
  if (refused !== null) {
    unlock()
    return { ok: false, message: refused }
  }
  try {
    const storage = await openSqlite({ directory: dataDir })
    const services = await openParts(storage, publicUrl, async () => {
      await storage.close()
      unlock()
    })
    return { ok: true, services }
  } catch (error) {
    unlock()
    if (!(error instanceof StorageUnavailable)) throw error
    return {
      ok: false,
      message: `The data in ${dataDir} cannot be opened (${error.message}). Make all its files writable for this account and see that the disk has room; if a file is damaged, put a backup in its place.`,
    }
  }
}

async function openParts(
  storage: Storage,
  publicUrl: () => string,
  close: () => Promise<void>,
): Promise<Services> {
  await storage.migrate()
  const tenants = await createTenants(storage)
  const tenant = DEFAULT_TENANT
  const tenantStorage = storage.tenant(tenant)
  const { collections, statements, feed } = tenantStorage
  const stores = [storage.system, collections]
  // Before anything is appended: a clock that went back while the server was stopped must not reach what was sealed.
  for (const store of stores) await sealAudit(store, tenant)
  const sources = createSourceRegistry(storage.system, tenant)
  const accountHomePage = `urn:suotdoi:tenant:${tenant}:people`
  const profiles = await createProfiles({
    collections,
    statements,
    feed,
    sourceKind: async (id) => (await sources.get(id))?.kind ?? null,
    accountHomePage,
    audit: (note) => appendAudit({ tenant, ...note }),
  })
  const foreignReads = createForeignReadLog(storage.system)
  const services: Services = {
    storage,
    tenants,
    tenant,
    tenantStorage,
    sources,
    product: await productSource(sources),
    lrs: createLrs({
      storage,
      tenant,
      onForeignRead(read) {
        // What stands behind people's own records is theirs, whoever sent it.
        if (read.caller.credential !== OWN_RECORD) foreignReads.note(read)
      },
      onStored: (stored) => services.onStored(stored),
    }),
    profiles,
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
async function productSource(sources: SourceRegistry): Promise<Source> {
  const known = (await sources.list()).find((source) => source.kind === 'product')
  if (known) return known
  const made = await sources.create({ name: 'Suốt Đời', kind: 'product' }, 'start')
  if ('ok' in made) throw new Error(`The product's own source was refused: ${made.problems[0]?.message}`)
  return made
}
