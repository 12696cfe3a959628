import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Limits } from '../limits.ts'
import { problem, refusal } from '../problems.ts'
import type { PackageProblem } from '../types.ts'
import { inspectArchive, unpackArchive } from './archive.ts'

/** What everything that is uploaded goes through. */
export interface Intake {
  limits: Limits
  /** Looks for malware; `failed`: the file could not be looked through. Absent: nothing does. */
  scan?: (file: string) => Promise<{ found: string | null } | 'failed'>
}

/** What describes a library. */
const DESCRIPTION = /^[^/]+\/library\.json$/

/**
 * Inspects a package, has it scanned, and unpacks it into a folder that lasts as long as `use` does. What cannot be
 * scanned is refused: a scanner that is down lets nothing through. Of folders that `leaveOut` names, once the
 * descriptions of libraries lie in the folder, nothing else is unpacked: most of a package is libraries that are known.
 */
export async function openPackage<T>(
  intake: Intake,
  file: string,
  use: (directory: string) => Promise<T>,
  leaveOut: (directory: string) => Promise<ReadonlySet<string>> = async () => new Set(),
): Promise<T | ReturnType<typeof refusal>> {
  const [wrong, ...more] = (await inspectArchive(file, intake.limits)).problems
  if (wrong) return refusal(wrong, ...more)
  const harmful = await scanProblem(intake, file)
  if (harmful) return refusal(harmful)
  const directory = await mkdtemp(join(tmpdir(), 'h5p-'))
  try {
    const broken = await unpackArchive(file, directory, (path) => DESCRIPTION.test(path))
    const known = broken.length > 0 ? new Set<string>() : await leaveOut(directory)
    if (broken.length === 0)
      broken.push(
        ...(await unpackArchive(
          file,
          directory,
          (path) => !DESCRIPTION.test(path) && !known.has(path.split('/', 1)[0]!),
        )),
      )
    const [unreadable, ...others] = broken
    return unreadable ? refusal(unreadable, ...others) : await use(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** What the scanner says against a file; null: nothing. */
export async function scanProblem({ scan }: Intake, file: string): Promise<PackageProblem | null> {
  const scanned = await scan?.(file)
  if (scanned === 'failed')
    return problem('h5p-not-scanned', 503, 'The file cannot be scanned for malware now; send it again later')
  if (!scanned?.found) return null
  return problem('h5p-malware', 400, `The file holds malware: ${scanned.found}`, { name: scanned.found })
}
