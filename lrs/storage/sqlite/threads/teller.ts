import { type Connection, connect } from '../connection.ts'
import { readExtent, readPage } from '../holdings/read.ts'
import type { TellerTask } from '../holdings/teller-task.ts'
import { serve } from './serve.ts'

/** Each in one read transaction that lasts as long as this thread. */
const open = new Map<string, Connection>()

serve((request) => {
  if ('tell' in request) return tell(request.tell)
  for (const db of open.values()) db.close()
  open.clear()
})

function tell(task: TellerTask): unknown {
  if (task.what === 'page') return readPage(open.get(task.path)!, task.part, task.after)
  const db = connect(task.path, task.isStill ? 'copy' : 'reader')
  open.set(task.path, db)
  db.run('BEGIN')
  const { user_version: schema } = db.row<{ user_version: number }>('PRAGMA user_version')!
  const isKnown = db.row("SELECT 1 FROM pragma_table_info('meta') WHERE name = 'unused'") !== undefined
  return { schema, extent: isKnown ? readExtent(db, task.tenant) : null }
}
