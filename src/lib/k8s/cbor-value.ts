import type { JsonValue } from '../proto/json.ts'
import { canonical } from '../proto/uint64.ts'
import { type CborReader, MAJOR } from './cbor-reader.ts'
import { utf8 } from './utf8.ts'

/** Bytes that JSON has as base64: the tag of RFC 8949, 3.4.5.2. */
const LATER_BASE64 = 22

/**
 * Reads one item as the JSON that Kubernetes makes of it: byte strings are text, and base64 below
 * the tag that says so. What Kubernetes refuses (undefined, NaN, bytes that are no text) ends the
 * reading.
 */
export function readCborValue(reader: CborReader, asBase64 = false): JsonValue {
  const map: { [name: string]: JsonValue } = {}
  const isMap = reader.members((name) => {
    const value = readCborValue(reader)
    Object.defineProperty(map, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  })
  if (isMap) return map
  const array: JsonValue[] = []
  if (reader.elements(() => array.push(readCborValue(reader)))) return array
  if (!reader.head()) return null
  const { major, argument, info } = reader
  switch (major) {
    case MAJOR.unsigned:
      return argument
    case MAJOR.negative:
      return canonical(-1n - BigInt(argument))
    case MAJOR.bytes:
    case MAJOR.text:
      return readString(reader, asBase64)
    case MAJOR.tag: {
      let value: JsonValue = null
      reader.nested(() => {
        value = readCborValue(reader, argument === LATER_BASE64)
      })
      return value
    }
    default:
      return readSimple(reader, info, argument)
  }
}

function readString(reader: CborReader, asBase64: boolean): JsonValue {
  const content = reader.content()
  if (content === undefined) return null
  if (asBase64) return Buffer.from(content).toString('base64')
  const text = utf8(content)
  if (text === undefined) reader.fail('a string that is not UTF-8')
  return text ?? null
}

/** false, true, null, and floats in two, four and eight bytes. */
function readSimple(reader: CborReader, info: number, argument: number | bigint): JsonValue {
  if (info === 20 || info === 21) return info === 21
  if (info === 22) return null
  const bits = new DataView(new ArrayBuffer(8))
  bits.setBigUint64(0, BigInt(argument))
  let float = Number.NaN
  if (info === 25) float = half(bits.getUint16(6))
  if (info === 26) float = bits.getFloat32(4)
  if (info === 27) float = bits.getFloat64(0)
  if (Number.isFinite(float)) return float
  reader.fail(`simple value ${info}`)
  return null
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return Number.NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}
