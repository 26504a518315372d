import { Cursor, WIRE } from '../proto/cursor.ts'
import type { ValueDamage } from './damage.ts'
import { utf8 } from './utf8.ts'

/**
 * Goes over the fields of one protobuf message, each with its value: `from` and `to` of a
 * length-delimited one, `high` and `low` of a number.
 *
 * As strict as the code gogo generates for Kubernetes, but for groups: gogo passes over them, and
 * Kubernetes never writes any.
 */
export class FieldReader extends Cursor {
  /** Offset of the current field's tag. */
  at = 0
  /** Set once reading cannot go on. */
  damage: ValueDamage | undefined

  constructor(bytes: Uint8Array, from: number, to: number) {
    super()
    this.reset(bytes, from, to)
  }

  /** Reads the next tag and its value; false at the end, and where the bytes are no message. */
  override next(): boolean {
    this.at = this.position
    if (!super.next()) {
      if (!this.ok) this.fail('no field begins here')
      return false
    }
    switch (this.wire) {
      case WIRE.bytes:
        this.range()
        break
      case WIRE.varint:
        this.words()
        break
      case WIRE.fixed64:
      case WIRE.fixed32:
        this.from = this.position
        this.skip()
        this.to = this.position
        break
      default:
        this.fail(`wire type ${this.wire}`)
        return false
    }
    if (!this.ok) this.fail(`field ${this.field} goes beyond the end`)
    return this.ok
  }

  /** The length-delimited value as text; anything but UTF-8 ends the reading. */
  text(): string | undefined {
    const text = utf8(this.bytes, this.from, this.to)
    if (text === undefined) this.fail(`field ${this.field} is not UTF-8`)
    return text
  }

  /** Ends the reading. */
  fail(reason: string): void {
    this.ok = false
    this.damage ??= { at: this.at, reason }
  }
}
