import { type Verified, verifyAll } from '../../upkeep/verify.ts'
import { defineCommand } from '../command.ts'

const MOST_SHOWN = 10

export const verifyCommands = [
  defineCommand<Verified>({
    name: 'verify',
    summary: 'Look for damage: indexes, attachments, the feed and the records against what they are made of',
    words: [],
    options: {
      quick: { type: 'boolean', description: 'leave out reading every byte of databases and attachments' },
    },
    run: (services, { options }, _by, how) => verifyAll(services, { quick: options.quick === true, ...how }),
    show: (verified) => (verified.ok ? well(verified) : wrong(verified)),
    isBad: ({ ok }) => !ok,
  }),
]

function well({ statements, quick, ms }: Verified): string {
  const left = quick ? ' The bytes of databases and attachments were not read (--quick).' : ''
  return `Nothing is wrong: ${statements} statements and all that hangs on them, in ${(ms / 1000).toFixed(1)} s.${left}`
}

function wrong({ counts, findings }: Verified): string {
  return Object.entries(counts)
    .flatMap(([kind, count]) => {
      const of = findings.filter((finding) => finding.kind === kind)
      const more = count - Math.min(MOST_SHOWN, of.length)
      return [
        `${kind}: ${count}`,
        ...of
          .slice(0, MOST_SHOWN)
          .map(({ what, tenant }) => `  ${what}${tenant === null ? ' (system.db)' : ''}`),
        ...(more > 0 ? [`  and ${more} more`] : []),
        `  To mend it: ${of[0]?.mend}`,
      ]
    })
    .join('\n')
}
