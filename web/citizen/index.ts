import { Router } from 'express'
import { confirmRoutes } from '../confirm.ts'
import { coverRoutes } from '../public/cover.ts'
import type { WebServices } from '../services.ts'
import { accountRoutes } from './account.ts'
import { accountFormRoutes } from './account-forms.ts'
import { anonymousRoutes } from './anonymous.ts'
import { archiveRoutes } from './archive.ts'
import { askConfirmationRoutes } from './ask-confirmation.ts'
import { catalogueRoutes } from './catalogue.ts'
import { certificateRoutes } from './certificates.ts'
import { claimCodeRoutes } from './claim-code.ts'
import { consentRoutes } from './consents.ts'
import { coursePartRoutes } from './course-parts.ts'
import { diaryRoutes } from './diary.ts'
import { disputeRoutes } from './dispute.ts'
import { evidenceRoutes } from './evidence.ts'
import { homeRoutes } from './home.ts'
import { identifierRoutes } from './identifiers.ts'
import { lessonEndRoutes } from './lesson-end.ts'
import { lessonRoutes } from './lessons.ts'
import { lineEventRoutes } from './line-events.ts'
import { linkRoutes } from './links.ts'
import { myCodeRoutes } from './my-code.ts'
import { offlineRoutes } from './offline.ts'
import { passkeyRoutes } from './passkeys.ts'
import { playRoutes } from './play.ts'
import { printRoutes } from './print.ts'
import { recoveryCodeRoutes } from './recovery-codes.ts'
import { secondFactorRoutes } from './second-factor.ts'
import { sessionRoutes } from './sessions.ts'
import { shareFormRoutes } from './share-form.ts'
import { shareRoutes } from './shares.ts'
import { signInWithRoutes } from './sign-in-with.ts'
import { transcriptRoutes } from './transcript.ts'
import { twinRoutes } from './twins.ts'
import { whoLookedRoutes } from './who-looked.ts'

/** What a citizen sees: today, the lessons, the record, the account. */
export function citizenArea(services: WebServices): Router {
  return Router().use(
    homeRoutes(services),
    catalogueRoutes(services),
    lessonRoutes(services),
    coverRoutes(services),
    playRoutes(services),
    anonymousRoutes(services),
    lessonEndRoutes(services),
    transcriptRoutes(services),
    lineEventRoutes(services),
    coursePartRoutes(services),
    twinRoutes(services),
    diaryRoutes(services),
    certificateRoutes(services),
    evidenceRoutes(services),
    offlineRoutes(),
    disputeRoutes(services),
    printRoutes(services),
    archiveRoutes(services),
    askConfirmationRoutes(services),
    whoLookedRoutes(services),
    myCodeRoutes(services),
    shareFormRoutes(services),
    shareRoutes(services),
    accountRoutes(services),
    linkRoutes(services),
    consentRoutes(services),
    claimCodeRoutes(services),
    accountFormRoutes(services),
    sessionRoutes(services),
    identifierRoutes(services),
    recoveryCodeRoutes(services),
    secondFactorRoutes(services),
    passkeyRoutes(services),
    signInWithRoutes(services),
    confirmRoutes(services),
  )
}
