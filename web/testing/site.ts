import express, { type Express } from 'express'
import request from 'supertest'
import { createWeb } from '../index.ts'
import type { Provider } from '../provider.ts'
import { type FakeServices, fakeServices, PASSWORD } from './services.ts'

export const ORIGIN = 'http://localhost'

/** The pages over services in memory, with one person of each role. */
export function site(
  options: {
    full?: boolean
    publicUrl?: string
    secondStep?: boolean
    providers?: readonly Provider[]
    before?(app: Express): void
    /** Puts real parts in the place of small ones. */
    change?(services: FakeServices): void
  } = {},
): {
  app: Express
  services: FakeServices
} {
  const services = fakeServices({ publicUrl: ORIGIN, ...options })
  options.change?.(services)
  services.add('Nguyễn Thị Ánh Nguyệt', ['citizen'])
  services.add('Trần Văn Soạn', ['citizen', 'author'])
  services.add('Lê Thị Vận', ['citizen', 'operator'])
  const app = express().set('trust proxy', true)
  options.before?.(app)
  app.use(createWeb(services))
  return { app, services }
}

export type Agent = ReturnType<typeof request.agent>

/** A browser that keeps cookies and, like every browser, says which page a form came from. */
export function browser(app: Express): Agent {
  return request.agent(app).set('Origin', ORIGIN) as unknown as Agent
}

export async function signIn(agent: Agent, who: string, fields: Record<string, string> = {}) {
  return agent
    .post('/sign-in')
    .type('form')
    .send({ identifier: `${who}@example.org`, password: PASSWORD, ...fields })
}
