/** What `npm start` prints: facts with labels, in columns. */
export interface Announcement {
  url: string
  /** Where health and metrics are asked for, when nobody could know (INTERNAL_PORT=0). */
  internalUrl: string | null
  /** Where it is. */
  data: string
  /** The very first start alone; secrets among it are printed this once. */
  first: {
    setupLink: string | null
    credential: { key: string; secret: string | null; source: string }
  } | null
  /** No operator yet, and the link was printed at an earlier start. */
  needsOperator: boolean
  /** Accounts of `--demo`. */
  sample: readonly { who: string; identifier: string; password: string }[]
}

export function announce(facts: Announcement): string {
  return [
    'Suốt Đời is running.',
    '',
    row('Address', facts.url),
    row('xAPI endpoint', `${facts.url}/xapi`),
    ...(facts.internalUrl === null ? [] : [row('Internal', facts.internalUrl)]),
    row('Data', facts.data),
    '',
    ...(facts.first ? firstStart(facts.first) : []),
    ...(facts.needsOperator
      ? ['There is no operator yet. A new set-up link: npm run suotdoi -- setup-link', '']
      : []),
    ...(facts.sample.length > 0
      ? [
          'A sample is in the store. Sign in with these, shown this once:',
          '',
          ...facts.sample.map(account),
          '',
        ]
      : []),
    'Stop with Ctrl+C.',
  ].join('\n')
}

function firstStart({ setupLink, credential }: NonNullable<Announcement['first']>): string[] {
  return [
    'This is the first start. What follows is shown this once:',
    '',
    ...(setupLink === null
      ? []
      : [row('Set-up link', setupLink), row('', 'opens the page that makes the operator’s account')]),
    row('Key', credential.key),
    ...(credential.secret === null
      ? [row('', 'as given in LRS_KEY, with the secret of LRS_SECRET')]
      : [row('Secret', credential.secret)]),
    row('', `lets the source “${credential.source}” send statements`),
    '',
  ]
}

function row(label: string, value: string): string {
  return `  ${label.padEnd(15)}${value}`
}

function account({ who, identifier, password }: Announcement['sample'][number]): string {
  return `  Sample ${who.padEnd(10)}${identifier}  ${password}`
}
