import {
  MongoAPIError,
  MongoMissingCredentialsError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb'
import { StorageUnavailable } from '../port.ts'

/**
 * Why a connection could not be made, with what to do; null: a bug. Nothing of the address is repeated: what the driver
 * says of one that it cannot read quotes it whole, with its password.
 */
export function whyNotConnected(error: unknown): string | null {
  if (error instanceof StorageUnavailable) return error.message
  if (error instanceof MongoMissingCredentialsError) return NO_PASSWORD
  if (error instanceof MongoServerSelectionError)
    return /authenticat/i.test(error.message) ? REFUSED : noServer(error.message)
  if (error instanceof MongoServerError) {
    if (error.code === AUTHENTICATION_FAILED) return REFUSED
    if (error.code === UNAUTHORIZED) return NOT_ALLOWED
    return `the MongoDB server says “${error.message}”`
  }
  // Of its own errors these are about the address and its options.
  if (error instanceof MongoAPIError || error instanceof URIError) return UNREADABLE
  // Not the driver's class alone: the package that takes the address apart has one of the same name.
  if ((error as Error).name === 'MongoParseError') return UNREADABLE
  const { syscall } = error as { syscall?: unknown }
  if (typeof syscall === 'string' && syscall.startsWith('query')) return NO_NAME
  return null
}

const UNAUTHORIZED = 13
const AUTHENTICATION_FAILED = 18

const UNREADABLE =
  'its address cannot be read. Write mongodb://HOST:PORT/DATABASE?replicaSet=NAME, with USER:PASSWORD@ before the host where they are asked for; signs such as @ : / % in a password are written as %40 %3A %2F %25'
const NO_PASSWORD = 'its address names a user without a password. Write USER:PASSWORD@ before the host'
const REFUSED =
  'the MongoDB server refuses this user or password. Correct both; where the user was made in another database than the one in the address, add authSource=NAME to it'
const NOT_ALLOWED =
  'this user may not use the database. Give it the role readWrite there (mongosh: db.grantRolesToUser)'
const NO_NAME =
  'no name server knows the host of its address. With mongodb+srv:// it must have SRV records; else write mongodb://HOST:PORT'
const noServer = (said: string) =>
  `no MongoDB server that takes writes answers at its address (${said}). Start it, and see that the replica set was initiated (mongosh: rs.status()) and has a primary, that host and port are right, and that this machine reaches every member by the name that the set gives it`
