import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../app/config.ts'
import { storeName } from '../../app/open-store.ts'
import packageJson from '../../package.json' with { type: 'json' }
import schema from '../../schemas/config.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Service {
  environment?: Record<string, string>
  networks?: string[]
  volumes?: string[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  build?: string | { context: string }
  command?: string[]
  image?: string
  healthcheck?: unknown
}
interface Compose {
  services: Record<string, Service>
  networks?: Record<string, { internal?: boolean } | null>
  volumes?: Record<string, unknown>
}
const compose = (path: string) => parse(read(path), { merge: true }) as Compose
/** Several files as `docker compose --file A --file B` takes them together, as far as these files need it. */
function together(...paths: string[]): Compose {
  const all = paths.map(compose)
  return {
    services: Object.assign({}, ...all.map((one) => one.services)),
    networks: Object.assign({}, ...all.map((one) => one.networks)),
    volumes: Object.assign({}, ...all.map((one) => one.volumes)),
  }
}

/** The command that reads compose files as they are meant, where the machine has it; version 1 does not know them. */
const COMPOSE = [['docker', 'compose'], ['docker-compose']].find(([program = '', ...words]) => {
  const asked = spawnSync(program, [...words, 'version', '--short'], { encoding: 'utf8' })
  return asked.status === 0 && !/^v?1\./.test(asked.stdout)
})

/** What Compose puts in the place of `${NAME:-default}` with nothing set, from the inside out. */
function withDefaults(text: string): string {
  const next = text.replace(/\$\{[A-Z0-9_]+:-([^${}]*)\}/g, '$1')
  return next === text ? text : withDefaults(next)
}
const set = ({ environment = {} }: Service) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, withDefaults(value)]))

const SETS = {
  'docker-compose.yml': together('docker-compose.yml'),
  'docker-compose.sqlite.yml': together('docker-compose.sqlite.yml'),
  'docker-compose.test.yml': together('docker-compose.yml', 'docker-compose.test.yml'),
}

const FILES = Object.keys(SETS).map((path) =>
  path === 'docker-compose.test.yml' ? ['docker-compose.yml', path] : [path],
)
if (!COMPOSE) test.skip('docker compose config did not read the files: there is no docker compose here')
else
  test.each(FILES)('docker compose takes %s %s, and warns of nothing', (...paths) => {
    const [program = '', ...words] = COMPOSE
    const files = paths.flatMap((path) => ['--file', path])
    const { status, stdout, stderr } = spawnSync(program, [...words, ...files, 'config', '--services'], {
      cwd: ROOT,
      encoding: 'utf8',
      // Nothing set, as at a first start.
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    })
    expect([stderr, status]).toEqual(['', 0])
    expect(stdout.trim().split('\n').sort()).toEqual(Object.keys(together(...paths).services).sort())
  })

describe.each(Object.entries(SETS))('%s', (_, { services, networks = {}, volumes = {} }) => {
  const all = Object.entries(services)

  test('names services, networks, volumes and files that are there', () => {
    expect(all.length).toBeGreaterThan(0)
    for (const [name, service] of all) {
      for (const other of Object.keys(service.depends_on ?? {})) expect(services, name).toHaveProperty(other)
      for (const network of service.networks ?? []) expect(Object.keys(networks), name).toContain(network)
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':')
        if (from.startsWith('.')) expect(existsSync(join(ROOT, from)), `${name}: ${from}`).toBe(true)
        else expect(Object.keys(volumes), name).toContain(from)
      }
      const context = typeof service.build === 'string' ? service.build : service.build?.context
      if (context !== undefined) expect(existsSync(join(ROOT, context, 'Dockerfile')), name).toBe(true)
      expect(service.image, name).toEqual(expect.any(String))
    }
  })

  test('waits for services that say when they are well', () => {
    for (const [name, service] of all)
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        const awaited = services[other]!
        // The image of the server brings its own check.
        if (condition === 'service_healthy')
          expect(awaited.healthcheck !== undefined || awaited.image === 'suotdoi', `${name}: ${other}`).toBe(
            true,
          )
        else expect(condition).toBe('service_completed_successfully')
      }
  })

  test('gives the server settings that it has, with values that it takes', () => {
    const servers = all.filter(([, { image }]) => image === 'suotdoi')
    expect(servers.length).toBeGreaterThan(0)
    for (const [name, server] of servers) {
      for (const variable of Object.keys(server.environment ?? {}))
        expect(Object.keys(schema.properties), name).toContain(variable)
      const config = readConfig({ ...set(server), DATA_DIR: '/data', HOST: '0.0.0.0' })
      expect(config.ok ? [] : config.messages, name).toEqual([])
    }
  })

  test('publishes nothing but the server or its proxy', () => {
    for (const [name, { ports = [] }] of all) if (ports.length > 0) expect(['app', 'proxy']).toContain(name)
  })
})

describe('the set-up with MongoDB', () => {
  const { services, networks } = SETS['docker-compose.yml']
  const servers = Object.keys(services).filter((name) => services[name]!.image === 'suotdoi')
  const databases = Object.keys(services).filter((name) => services[name]!.command?.[0] === 'mongod')

  test('has several servers on one replica set of three, reached by the names of its members', () => {
    expect(servers.length).toBeGreaterThan(1)
    expect(databases).toHaveLength(3)
    for (const name of servers) {
      const url = set(services[name]!).STORE_URL!
      expect(storeName({ storeUrl: url, dataDir: '' })).toBe(`mongodb://${databases.join(',')}/suotdoi`)
      const replicaSet = new URL(url.replace(/,[^/]*/, '')).searchParams.get('replicaSet')
      for (const database of databases) expect(services[database]!.command).toContain(replicaSet)
      expect(read('deploy/initiate-replica-set.js')).toContain(`_id: '${replicaSet}'`)
    }
    const hosts = /const hosts = (\[.*\])/.exec(read('deploy/initiate-replica-set.js'))?.[1]
    expect(parse(hosts!)).toEqual(databases)
  })

  test('keeps databases without users on a network of their own, where nobody but the servers is', () => {
    expect(networks?.data).toEqual({ internal: true })
    for (const name of databases) expect(services[name]!.networks).toEqual(['data'])
    const on = Object.keys(services).filter((name) => services[name]!.networks?.includes('data'))
    expect(on.sort()).toEqual([...servers, ...databases, 'mongo-init'].sort())
  })

  test('has a proxy that sends to every server, asks each whether it is ready, and closes lines before it does', () => {
    const file = read('deploy/Caddyfile')
    const port = schema.properties.PORT.default
    expect(/reverse_proxy (.*) \{/.exec(file)?.[1]?.split(' ')).toEqual(
      servers.map((one) => `${one}:${port}`),
    )
    expect(file).toContain(`health_port ${schema.properties.INTERNAL_PORT.default}`)
    expect(file).toContain('health_uri /health/ready')
    expect(file).toContain('lb_policy round_robin')
    // Else a client that garbles a few bodies shuts out every server.
    expect(file).not.toMatch(/^\s*(fail_duration|max_fails|unhealthy_)/m)
    expect(Number(/keepalive (\d+)s/.exec(file)?.[1])).toBeLessThan(65)
    expect(set(services.proxy!)).toEqual({ SITE_ADDRESS: ':80' })
    for (const name of servers) {
      expect(set(services[name]!)).toMatchObject({ TRUST_PROXY: '1', INTERNAL_HOST: '0.0.0.0' })
      expect(services[name]!.networks).toContain('web')
    }
    const outside = withDefaults(services.proxy!.ports![0]!)
    expect(outside.replace(/:.*/, '')).toBe(new URL(set(services[servers[0]!]!).PUBLIC_URL!).port)
  })
})

test('what workflows and compose files run by npm is there', () => {
  const texts = ['.github/workflows/ci.yml', '.ci/run', ...Object.keys(SETS)].map(read)
  const asked = texts.flatMap((text) =>
    [...text.matchAll(/npm(?:,)? run(?:,)? (?:--silent )?"?([\w:]+)/g)].map(([, name]) => name!),
  )
  expect(asked).toEqual(expect.arrayContaining(['check', 'test:mongo']))
  for (const name of asked) expect(Object.keys(packageJson.scripts)).toContain(name)
})
