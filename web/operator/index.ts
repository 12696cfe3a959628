import { Router } from 'express'
import type { WebServices } from '../services.ts'

/** Mounted at /operator, for the operator. */
export function operatorArea(_services: WebServices): Router {
  return Router()
}
