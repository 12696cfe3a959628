import { buildAssets } from '../assets.ts'
import { formatOf } from '../i18n/format.ts'
import { type Language, speak } from '../i18n/messages.ts'
import type { View } from '../view.ts'

const assets = buildAssets()

/** A reader for tests of single parts. */
export function testView(language: Language = 'vi', change: Partial<View> = {}): View {
  return {
    language,
    format: formatOf(language),
    say: (messages) => speak(language, messages),
    viewer: null,
    topics: [],
    url: '/',
    path: '/',
    tenantName: 'tỉnh Mẫu',
    publicUrl: 'http://localhost',
    assets,
    saveData: false,
    requestId: 'request-1',
    toast: null,
    owner: null,
    shared: false,
    development: false,
    ...change,
  }
}
