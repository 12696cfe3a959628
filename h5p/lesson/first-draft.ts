import type { Collections } from '../../lrs/index.ts'
import { contents } from '../collections.ts'
import type { Draft } from '../types.ts'
import { defaultCompletion } from './default-rule.ts'
import { isLanguageTag } from './details.ts'
import { licenceDataOf } from './licence.ts'
import type { Uploaded } from './upload.ts'

/** The draft of content that was just taken in, with what its package says of itself. */
export async function firstDraft(collections: Collections, uploaded: Uploaded): Promise<Draft> {
  const content = await collections.get(contents, uploaded.id)
  const { licence, authors, source } = licenceDataOf(
    JSON.parse(content?.value.metadata ?? '{}') as Record<string, unknown>,
  )
  return {
    content: uploaded.id,
    library: uploaded.library,
    details: {
      title: uploaded.title.trim(),
      description: '',
      language: isLanguageTag(uploaded.language) ? uploaded.language : 'vi',
      topics: [],
      audience: [],
      ...(licence && { licence }),
      authors,
      ...(source && { source }),
    },
    completion: defaultCompletion(uploaded.library),
    mode: { kind: 'practice' },
    anonymous: false,
  }
}
