/** A record store in a process of its own, for the public suite: tells its parent where it is and lives as long. Its argument is the store. */
import { startLrs } from './lrs.ts'

const lrs = await startLrs({}, process.argv[2])
process.send?.({ endpoint: lrs.endpoint, key: lrs.key, secret: lrs.secret })
process.on('disconnect', () => {
  void lrs.close().then(() => {
    for (const error of lrs.errors) console.error('Error inside the server:', error)
    process.exit(lrs.errors.length > 0 ? 1 : 0)
  })
})
