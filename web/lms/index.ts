import { Router } from 'express'
import type { WebServices } from '../services.ts'

/** Mounted at /lms, for the operator. */
export function lmsArea(_services: WebServices): Router {
  return Router()
}
