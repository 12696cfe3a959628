import type { CopierTask } from '../backup/copier-task.ts'
import { copyBlobs, describe, digestOf } from '../backup/copy-files.ts'
import { serve } from './serve.ts'

serve((request) => ('task' in request ? run(request.task) : undefined))

function run(task: CopierTask): unknown {
  switch (task.kind) {
    case 'describe':
      return describe(task.database)
    case 'blobs':
      return copyBlobs(task.database, task.from, task.to, task.after)
    case 'digest':
      return digestOf(task.path)
  }
}
