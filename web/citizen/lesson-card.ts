import type { Lesson } from '../../h5p/index.ts'
import { card } from '../components/card.ts'
import { type Html, html } from '../html.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { topicNames } from '../i18n/topics.ts'
import { coverPicture } from '../public/cover.ts'
import type { View } from '../view.ts'

/** A lesson among others. */
export function lessonCard(view: View, lesson: Lesson, level?: 2 | 3): Html {
  const say = view.say(lessons)
  const topic = topicNames(view, lesson.topics)
  const audience = audienceNames(view, lesson)
  return card({
    title: html`<span lang=${lesson.language === view.language ? undefined : lesson.language}>${lesson.title}</span>`,
    href: `/lessons/${encodeURIComponent(lesson.id)}`,
    meta: html`${topic && html`<span>${topic}</span>`}${
      lesson.minutes && html`<span>${aboutMinutes(view, lesson.minutes)}</span>`
    }${audience && html`<span>${say('forWhom', { who: audience })}</span>`}`,
    body: lesson.description ? html`<p>${shorten(lesson.description)}</p>` : null,
    ...(level && { level }),
    ...(lesson.cover && { picture: coverPicture(lesson, lesson.cover, 'small') }),
  })
}

/** "Trẻ em, Cha mẹ"; empty where it is for everyone. */
export function audienceNames(view: View, { audience }: Pick<Lesson, 'audience'>): string {
  if (audience.includes('everyone')) return ''
  return audience.map((each) => view.say(lessons)(`audience-${each}`)).join(', ')
}

/** "Khoảng 15 phút" */
export function aboutMinutes(view: View, minutes: number): string {
  return view.say(lessons)('about', { time: view.format.duration(minutes * 60_000) })
}

function shorten(text: string): string {
  if (text.length <= 160) return text
  return `${text.slice(0, text.lastIndexOf(' ', 160) || 160)} …`
}
