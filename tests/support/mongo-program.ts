import { existsSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/mongo/bin/', import.meta.url))
const REMEDY = 'put mongod on PATH (or its path in MONGOD_BIN), or run npm run test:mongo:install'

export interface MongoProgram {
  path: string
  /** Where the path comes from. */
  from: string
  kind: string
  isMongod: boolean
}

/**
 * What is started as a MongoDB server for tests: a `mongod` (MONGOD_BIN, or on PATH), as a replica set of one; else what
 * stands in for it (SECANTUSD_BIN, `secantusd-rs` or `secantusd-py` on PATH, or what `npm run test:mongo:install` has put
 * under node_modules/.cache).
 */
export function findMongo(): MongoProgram | null {
  const { PATH = '', MONGOD_BIN, SECANTUSD_BIN } = process.env
  const named = (path: string | undefined, from: string) => (path ? { path, from } : null)
  const onPath = (name: string) =>
    named(
      PATH.split(delimiter)
        .map((folder) => join(folder, name))
        .find(existsSync),
      'on PATH',
    )
  const cached = (name: string) => named([CACHE + name].find(existsSync), 'npm run test:mongo:install')
  const program = (isMongod: boolean, found: { path: string; from: string } | null) =>
    found && { ...found, kind: basename(found.path), isMongod }
  return (
    program(true, named(MONGOD_BIN, 'MONGOD_BIN') ?? onPath('mongod')) ??
    program(
      false,
      named(SECANTUSD_BIN, 'SECANTUSD_BIN') ?? onPath('secantusd-rs') ?? onPath('secantusd-py'),
    ) ??
    program(false, cached('secantusd-rs') ?? cached('secantusd-py'))
  )
}

/** What is missing here for a MongoDB server, in words; null when nothing is. */
export function mongoLacks(): string | null {
  return process.env.MONGODB_URI || findMongo() ? null : `a MongoDB server: set MONGODB_URI, or ${REMEDY}`
}

/** What is missing here for one that the tests may stop and start; null when nothing is. */
export function ownMongoLacks(): string | null {
  return findMongo() ? null : `a MongoDB server of the tests’ own: ${REMEDY}`
}
