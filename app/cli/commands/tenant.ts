import type { Tenant } from '../../../lrs/index.ts'
import { day, defineCommand, table } from '../command.ts'

export const tenantCommands = [
  defineCommand<Tenant[]>({
    name: 'tenant list',
    summary: 'List the bodies that keep their record here',
    words: [],
    options: {},
    run: ({ tenants }) => tenants.list(),
    show: (tenants) =>
      table(
        ['ID', 'SINCE', 'NAME'],
        tenants.map((one) => [one.id, day(one.created), one.name]),
        'There is no tenant.',
      ),
  }),
]
