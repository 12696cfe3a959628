import { parseLibrary } from '../library/names.ts'
import type { Completion } from '../types.ts'

/** Types that never say that something was answered or completed: whoever learns says it. */
const SILENT = new Set([
  'H5P.Accordion',
  'H5P.AdvancedText',
  'H5P.Agamotto',
  'H5P.Audio',
  'H5P.AudioRecorder',
  'H5P.Chart',
  'H5P.Collage',
  'H5P.CornellNotes',
  'H5P.Dialogcards',
  'H5P.DocumentationTool',
  'H5P.GameMap',
  'H5P.GuessTheAnswer',
  'H5P.IFrameEmbed',
  'H5P.Image',
  'H5P.ImageHotspots',
  'H5P.ImageJuxtaposition',
  'H5P.ImageSlider',
  'H5P.ImpressPresentation',
  'H5P.InfoWall',
  'H5P.InformationWall',
  'H5P.PersonalityQuiz',
  'H5P.Questionnaire',
  'H5P.StructureStrip',
  'H5P.Table',
  'H5P.ThreeImage',
  'H5P.Timeline',
  'H5P.TwitterUserFeed',
  'H5P.Video',
  'SuotDoi.Text',
])
/** Types of pages, read to their end. */
const PAGES = new Set(['H5P.InteractiveBook', 'SuotDoi.Lesson'])

/** What ends an attempt at a type as long as its author chooses nothing else. To open it never does. */
export function defaultCompletion(library: string): Completion {
  const type = parseLibrary(library)?.machineName ?? ''
  if (SILENT.has(type)) return { by: 'learner' }
  if (PAGES.has(type)) return { by: 'last-page' }
  return { by: 'answered' }
}
