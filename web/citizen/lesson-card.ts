import type { Lesson } from '../../h5p/index.ts'
import { card } from '../components/card.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { speakWith } from '../i18n/messages.ts'
import { topicNames } from '../i18n/topics.ts'
import type { View } from '../view.ts'

/** A lesson among others. */
export function lessonCard(view: View, lesson: Lesson, level?: 2 | 3): Html {
  const topic = topicNames(view, lesson.topics)
  return card({
    title: html`<span lang=${lesson.language === view.language ? undefined : lesson.language}>${lesson.title}</span>`,
    href: `/lessons/${encodeURIComponent(lesson.id)}`,
    meta: html`${topic && html`<span>${topic}</span>`}${
      lesson.minutes && html`<span>${aboutMinutes(view, lesson.minutes)}</span>`
    }${
      lesson.published !== null &&
      html`<span>${speakWith(view.language, lessons, 'published', { when: when(view, lesson.published) })}</span>`
    }`,
    body: lesson.description ? html`<p>${shorten(lesson.description)}</p>` : null,
    ...(level && { level }),
  })
}

/** "Khoảng 15 phút" */
export function aboutMinutes(view: View, minutes: number): string {
  return view.say(lessons)('about', { time: view.format.duration(minutes * 60_000) })
}

function shorten(text: string): string {
  if (text.length <= 160) return text
  return `${text.slice(0, text.lastIndexOf(' ', 160) || 160)} …`
}
