import type { Details } from '../findings/finding.ts'

/** A temporary file could not be made, or not be written on. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError'
  readonly details: Details

  constructor(details: Details) {
    super(details.message)
    this.details = details
  }
}
