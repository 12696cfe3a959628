import type { MappingTopic, Person, Role } from '../profiles/index.ts'
import type { Assets } from './assets.ts'
import type { Format } from './i18n/format.ts'
import type { Language, Messages, Say } from './i18n/messages.ts'

/** A short word on what was just done, shown once on the next page, with a way back where there is one. */
export interface Toast {
  message: string
  undo?: { action: string; fields?: Readonly<Record<string, string>> }
}

/** All that a page or component knows of its reader and its request. Made once a request in web/page.ts. */
export interface View {
  language: Language
  format: Format
  /** `view.say(home)('greeting', { name })` */
  say<Key extends string>(messages: Messages<Key>): Say<Key>
  /** Who is signed in. */
  viewer: (Person & { withheld?: Role[] }) | null
  /** The operator's list of topics: of lessons, classes and records. */
  topics: readonly MappingTopic[]
  /** Path and query of this page, for the language links and the way back after signing in. */
  url: string
  path: string
  tenantName: string
  publicUrl: string
  assets: Assets
  /** The browser asked to save data: no fonts are sent. */
  saveData: boolean
  requestId: string
  toast: Toast | null
  /**
   * What the reader's own browser knows them by, to keep apart who wrote what on it; null where nobody is signed in, or
   * nothing may be kept (owner-tag.ts).
   */
  owner: string | null
  /** Signed in on a device that others use. */
  shared: boolean
  /** The area for development only exists. */
  development: boolean
}
