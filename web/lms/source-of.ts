import type { Request } from 'express'
import type { Credential, Source } from '../../lrs/index.ts'
import { page, paramOf, type Reply, show } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

export const sourceAddress = (source: Pick<Source, 'id'>) => `/lms/sources/${encodeURIComponent(source.id)}`

/** What this product records as, itself or for what people say of themselves: no system outside is connected by it. */
export const isOwn = ({ kind }: Pick<Source, 'kind'>): boolean => kind === 'product' || kind === 'diary'

export type SourceHandler = (view: View, source: Source, req: Request) => Reply | Promise<Reply>
export type CredentialHandler = (
  view: View,
  held: { credential: Credential; source: Source },
  req: Request,
) => Reply | Promise<Reply>

/** Hands over the source that `:id` names; the product's own only where `product` is set: it is not changed by hand. */
export function sourceOf(services: WebServices, options: { product?: boolean } = {}) {
  return (handler: SourceHandler) =>
    page(async (view, req) => {
      const source = await services.sources.get(paramOf(req, 'id'))
      if (!source || (isOwn(source) && !options.product)) return show(notFoundPage(view), 404)
      return handler(view, source, req)
    })
}

/** Hands over the credential that `:key` names, with its source. */
export function credentialOf(services: WebServices) {
  return (handler: CredentialHandler) =>
    page(async (view, req) => {
      const key = paramOf(req, 'key')
      const credential = (await services.sources.credentials()).find((each) => each.key === key)
      const source = credential && (await services.sources.get(credential.source))
      return source ? handler(view, { credential, source }, req) : show(notFoundPage(view), 404)
    })
}
