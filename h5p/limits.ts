/** What a package may weigh and hold. Sizes in bytes. */
export interface Limits {
  /** The `.h5p` file as uploaded. */
  packageBytes: number
  /** One file inside, unpacked. */
  fileBytes: number
  /** All files together, unpacked. */
  unpackedBytes: number
  files: number
  /** Unpacked to packed size of one file over 1 MB; more is taken for a bomb. */
  ratio: number
  /** Endings of files that content may hold. */
  contentKinds: readonly string[]
  /** Endings that libraries may hold besides those. */
  libraryKinds: readonly string[]
  /**
   * Where lessons may load sound and video from besides the host itself, as sources of a Content-Security-Policy:
   * origins, or `https:` for any. Pictures come from the host alone, so that no page elsewhere counts learners.
   */
  externalMedia: readonly string[]
}

const MB = 1024 * 1024

export const DEFAULT_LIMITS: Limits = {
  packageBytes: 256 * MB,
  fileBytes: 128 * MB,
  unpackedBytes: 512 * MB,
  files: 5000,
  ratio: 100,
  contentKinds:
    'json png jpg jpeg gif bmp tif tiff webp svg eot ttf woff woff2 otf webm mp4 ogg mp3 m4a wav txt pdf rtf doc docx xls xlsx ppt pptx odt ods odp xml csv diff patch md textile yaml yml vtt webvtt gltf glb'.split(
      ' ',
    ),
  libraryKinds: ['js', 'css', 'map'],
  externalMedia: ['https:'],
}
