import { refuse } from '../../lrs/index.ts'
import type { SecondFactor, SecondFactors } from '../../profiles/index.ts'

/** The code that is always right. */
export const FACTOR_CODE = '246810'
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

/** Two-step sign-in in memory; `state` is who has it. */
export function fakeSecondFactors(state: Map<string, SecondFactor>): SecondFactors {
  const drafts = new Set<string>()
  const wrong = refuse({
    id: 'second-factor-code-wrong',
    status: 403,
    path: 'code',
    message: 'Wait for the next',
  })
  return {
    of: async ({ id }) => state.get(id) ?? null,
    use: async (_person, code) => code === FACTOR_CODE || wrong,
    async begin({ id }) {
      drafts.add(id)
    },
    draft: async ({ id, name }, issuer) =>
      drafts.has(id)
        ? {
            secret: SECRET,
            address: `otpauth://totp/${encodeURIComponent(`${issuer}:${name}`)}?secret=${SECRET}`,
          }
        : null,
    async confirm({ id }, code) {
      if (code !== FACTOR_CODE) return wrong
      drafts.delete(id)
      const factor = { since: Date.now(), removal: null }
      state.set(id, factor)
      return factor
    },
    async remove({ id }, code) {
      if (code !== FACTOR_CODE) return wrong
      state.delete(id)
      return true
    },
    async askRemoval({ id }) {
      const factor = state.get(id)
      if (!factor) return null
      const asked = factor.removal === null
      factor.removal ??= { asked: Date.now(), due: Date.now() + 86_400_000 }
      return { removal: factor.removal, asked }
    },
    async keep({ id }) {
      const factor = state.get(id)
      if (factor) factor.removal = null
    },
  }
}
