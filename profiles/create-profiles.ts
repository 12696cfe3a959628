import type {
  AuditNote,
  Collections,
  FeedConsumer,
  FeedStore,
  MayShow,
  Operation,
  Source,
  StatementStore,
} from '../lrs/index.ts'
import { createAccesses } from './access/access.ts'
import { createAccounts } from './accounts/accounts.ts'
import { createCodes } from './accounts/codes.ts'
import { createIdentifiers } from './accounts/identifiers.ts'
import { createRecovery } from './accounts/recovery.ts'
import { createSetUp } from './accounts/set-up.ts'
import { createClaims } from './claims/claims.ts'
import { createClaimConsumer } from './claims/consumer.ts'
import { createSuggestions } from './claims/suggestions.ts'
import { createConsents } from './consents/consents.ts'
import { createMayShow } from './consents/shown.ts'
import { createCorrectionConsumer } from './corrections/consumer.ts'
import { createHidden } from './corrections/hidden.ts'
import { createDirectory } from './directory/directory.ts'
import { enterPerson, fillDirectory } from './directory/entries.ts'
import { createLinkJobs } from './links/jobs.ts'
import { createLinks, productLink } from './links/links.ts'
import { tieMailboxes } from './links/mailboxes.ts'
import { createMapping, shipMapping } from './mapping/mapping.ts'
import { createMappingReader } from './mapping/read-mapping.ts'
import { reclassify } from './mapping/reclassify.ts'
import { createMergeJobs } from './merges/jobs.ts'
import { createMerges } from './merges/merges.ts'
import { createInvitations } from './organisations/invitations.ts'
import type { LogoBlobs } from './organisations/logo.ts'
import { createMemberships } from './organisations/memberships.ts'
import { createOrganisations } from './organisations/organisations.ts'
import { createPasskeys } from './passkeys/passkeys.ts'
import { createTranscriptConsumer } from './projection/consumer.ts'
import { LEVEL_OF_SOURCE } from './projection/levels.ts'
import { createProjector } from './projection/projector.ts'
import { rebuild } from './projection/rebuild.ts'
import { type Rebuilding, readRebuilding, tellingOfIt } from './projection/rebuilding.ts'
import { bringToShape, noteNewStore } from './projection/shape.ts'
import { createTranscript } from './projection/transcript.ts'
import { createVerify } from './projection/verify.ts'
import { createProviderTies } from './providers/provider-ties.ts'
import { createSeal } from './second-factor/seal.ts'
import { createSecondFactors } from './second-factor/second-factor.ts'
import { createShares } from './shares/shares.ts'
import { createTwins } from './twins/twins.ts'
import type { Person, Profiles } from './types.ts'

export interface ProfilesDeps {
  /** The tenant's. */
  collections: Collections
  statements: Pick<StatementStore, 'get' | 'query'>
  feed: Pick<FeedStore, 'read' | 'end'>
  blobs: LogoBlobs
  /** What kind of source stored a statement; null for one that is not known (any more). */
  sourceKind(id: string): Promise<Source['kind'] | null>
  /** Whether a source may speak for accounts of this home page: it is its own, or nobody's. */
  vouches(source: string, homePage: string): Promise<boolean>
  /** Home page of the accounts under which the product itself records. */
  accountHomePage: string
  /** The operation that notes a change in the audit; it goes into the batch of the change. */
  audit: Audit
  /** What secrets that must be read again are encrypted with; 32 bytes as hex, the same for ever. */
  sealSecret: string
  now?: () => number
}

export type Audit = (note: Omit<AuditNote, 'tenant'>) => Operation

export interface ProfilesPart extends Profiles {
  /** What the record store shows to others than the source. */
  mayShow: MayShow
  /** All to be run by the feed's runner. */
  consumer: FeedConsumer
  /** Finds typed codes and stated names. */
  claimConsumer: FeedConsumer
  /** Notes what sources void of what is disputed. */
  correctionConsumer: FeedConsumer
  /**
   * Goes on with links, unlinks, merges and consents that a kill or an error cut short; to be called at start, and now and
   * again with `beside`, which leaves alone what another process may be at: done by two at once it does no harm, for each
   * step is fenced by a revision. Returns how many there were, before they are done. Throws what went wrong meanwhile.
   */
  resume(beside?: boolean): Promise<number>
  /**
   * Brings every line to the mapping tables that hold; to be called now and again. Returns how many lines were written.
   * Safe while everything goes on, in any number of processes.
   */
  retell(): Promise<number>
  /**
   * Enters into the directory who was there before it was kept; to be called at start and now and again. Returns how many
   * it entered. Safe while everything goes on, in any number of processes.
   */
  fillDirectory(): Promise<number>
  /** Resolves when the records have followed all changes of links, merges and consents that were begun here. */
  settled(): Promise<void>
  /** Ends what goes on beside requests after its present step; the next start goes on with it. */
  stop(): Promise<void>
  /**
   * Brings every record to what the statements say, in place; returns the number of statements that were read. What
   * `progress` throws ends it.
   */
  rebuild(progress?: (done: number, total: number) => void): Promise<number>
  /** The same where an earlier version wrote them; to be called beside all else after each start. Null: it did not. */
  bringToShape(progress?: (done: number, total: number) => void): Promise<number | null>
  /** The rebuild that goes on now, in any process. */
  rebuilding(): Promise<Rebuilding | null>
}

export async function createProfiles({
  collections,
  statements,
  feed,
  blobs,
  sourceKind,
  vouches,
  accountHomePage,
  audit,
  sealSecret,
  now = Date.now,
}: ProfilesDeps): Promise<ProfilesPart> {
  const levelOf = async (source: string) => LEVEL_OF_SOURCE[(await sourceKind(source)) ?? 'unknown']
  const isOwn = async (source: string) => (await sourceKind(source)) === 'product'
  await shipMapping(collections, now)
  await noteNewStore(collections)
  const mapping = createMappingReader(collections)
  const deps = { collections, statements, feed, levelOf, isOwn, mapping, now }
  const projector = createProjector(deps)
  const jobs = createLinkJobs(deps, projector)
  const belongings = (person: Person) => [productLink(person, accountHomePage), enterPerson(person)]
  const accounts = await createAccounts({
    collections,
    belongings,
    audit,
    now,
  })
  const codes = createCodes(collections, now)
  const recovery = createRecovery({
    collections,
    codes,
    hasSecondFactor: async (person) => (await secondFactors.of(person)) !== null,
    audit,
    now,
  })
  const secondFactors = createSecondFactors({
    collections,
    seal: createSeal(sealSecret, 'second factor'),
    printed: recovery,
    audit,
    now,
  })
  const links = createLinks({ collections, jobs, audit, now })
  const mergeJobs = createMergeJobs({ collections, jobs, now })
  const retell = () => reclassify({ collections, mapping, now })
  // What an outage cuts short goes on with the next call of `retell`.
  const begun = () => void retell().catch(() => {})
  const transcript = createTranscript({ collections, mapping })
  const rebuildTold: ProfilesPart['rebuild'] = (progress = () => {}) =>
    tellingOfIt(collections, now, (tell) =>
      rebuild(deps, projector, (done, total) => {
        tell(done, total)
        progress(done, total)
      }),
    )
  return {
    accounts,
    recovery,
    secondFactors,
    passkeys: createPasskeys({ collections, audit, now }),
    identifiers: tieMailboxes(createIdentifiers({ collections, codes, audit, now }), links),
    links,
    claims: {
      ...createClaims({ collections, links, audit, now }),
      ...createSuggestions({ collections, statements, links }),
    },
    consents: createConsents({ collections, jobs: mergeJobs, audit, now }),
    mayShow: createMayShow(collections),
    merges: createMerges({ collections, jobs: mergeJobs, audit, now }),
    providerTies: createProviderTies({ collections, sealSecret, belongings, audit, now }),
    mapping: createMapping({ collections, audit, now, begun }),
    transcript,
    twins: createTwins({ collections, mapping, transcript }),
    hidden: createHidden({ collections, transcript, now }),
    shares: createShares({ collections, accounts, transcript, now }),
    accesses: createAccesses({ collections, now }),
    directory: createDirectory({ collections, sealSecret, now }),
    fillDirectory: () => fillDirectory(collections),
    organisations: createOrganisations({ collections, blobs, audit, now }),
    memberships: createMemberships({ collections, audit, now }),
    invitations: createInvitations({ collections, setUp: createSetUp(collections, now), audit, now }),
    consumer: createTranscriptConsumer(projector, createVerify(deps)),
    claimConsumer: createClaimConsumer({ collections, vouches, now }),
    correctionConsumer: createCorrectionConsumer({ collections, statements }, now),
    resume: async (beside = false) => (await mergeJobs.resume(beside)) + (await jobs.resume(beside)),
    retell,
    settled: jobs.settled,
    stop: jobs.stop,
    rebuild: rebuildTold,
    bringToShape: (progress) => bringToShape(collections, () => rebuildTold(progress)),
    rebuilding: () => readRebuilding(collections),
  }
}
