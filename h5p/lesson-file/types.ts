/** A lesson file as schemas/lesson.json describes it, read and checked. Texts marked so are Markdown. */
export interface LessonFile {
  title: string
  description?: string
  language: string
  topics?: string[]
  audience?: string[]
  minutes?: number
  licence?: string
  authors?: string[]
  source?: string
  pass?: number
  completion?: 'answered' | 'score' | 'last-page' | 'learner'
  assessed?: { attempts: number; shuffle?: boolean }
  anonymous?: boolean
  pages?: { title: string; content: Part[] }[]
  questions?: Question[]
}

export type Part = TextPart | PicturePart | Question | SetPart
export interface TextPart {
  /** Markdown. */
  text: string
}
export interface PicturePart {
  picture: string
  alt: string
  caption?: string
}
export interface SetPart {
  set: Question[]
  id?: string
}

export type Question = ChoiceQuestion | SeveralQuestion | TrueFalseQuestion | GapsQuestion | OrderQuestion
interface Asked {
  /** Markdown. */
  explanation?: string
  id?: string
}
export interface Answer {
  text: string
  right?: boolean
  feedback?: string
  id?: string
}
interface ChoiceQuestion extends Asked {
  /** Markdown. */
  choice: string
  answers: Answer[]
  shuffle?: boolean
}
interface SeveralQuestion extends Asked {
  /** Markdown. */
  several: string
  answers: Answer[]
  shuffle?: boolean
}
interface TrueFalseQuestion extends Asked {
  /** Markdown. */
  'true-false': string
  right: boolean
}
interface GapsQuestion extends Asked {
  /** Markdown with `[[answer | another ? hint]]`. */
  gaps: string
  /** Markdown. */
  task?: string
  capitals?: boolean
}
interface OrderQuestion extends Asked {
  /** Markdown. */
  order: string
  items: string[]
}
