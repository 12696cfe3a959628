import { type Connection, connect, isOutage } from '../connection.ts'
import { type AnyRead, READS } from '../operations/index.ts'
import type { Read } from './messages.ts'
import { serve } from './serve.ts'

const open = new Map<string, Connection>()

serve((request) => {
  if ('read' in request) return read(request.read)
  for (const db of open.values()) db.close()
  open.clear()
})

/** Runs one operation on one state of the database. */
function read({ place, now, name, args }: Read): unknown {
  let db = open.get(place.path)
  if (!db) {
    db = connect(place.path, 'reader')
    open.set(place.path, db)
  }
  try {
    db.run('BEGIN')
    return (READS[name] as AnyRead)({ db, now }, ...args)
  } catch (error) {
    if (isOutage(error)) {
      open.delete(place.path)
      db.close()
    }
    throw error
  } finally {
    if (open.has(place.path) && db.inTransaction()) db.run('COMMIT')
  }
}
