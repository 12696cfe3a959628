import { Router } from 'express'
import type { WebServices } from '../services.ts'
import type { passportFor } from '../sign-in.ts'
import { joinRoutes } from './join.ts'
import { passkeySignInRoutes } from './passkey-sign-in.ts'
import { providerSignInRoutes } from './provider-sign-in.ts'
import { recoverRoutes } from './recover.ts'
import { registerRoutes } from './register.ts'
import { secondStepRoutes } from './second-step.ts'
import { setupRoutes } from './setup.ts'
import { signInRoutes } from './sign-in.ts'

/** What can be done before one is signed in. */
export function publicArea(services: WebServices, passport: ReturnType<typeof passportFor>): Router {
  return Router().use(
    signInRoutes(services, passport),
    secondStepRoutes(services),
    passkeySignInRoutes(services),
    providerSignInRoutes(services),
    registerRoutes(services, passport),
    setupRoutes(services, passport),
    recoverRoutes(services),
    joinRoutes(services),
  )
}
