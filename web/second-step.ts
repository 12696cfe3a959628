/** Between the password and the second step, in the session. */
export interface HalfSignedIn {
  person: string
  passwordChanges: number
  shared: boolean
  /** Where to go in the end; a path of ours. */
  next: string
  /** Until when, ms. */
  until: number
}
