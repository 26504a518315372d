import protobuf from 'protobufjs/minimal.js'

/** A generated message class: anything of generated/etcd.js. */
export interface MessageType<T> {
  decode(reader: protobuf.Reader, length?: number): T
}

/** A field this build's .proto files do not have: a later etcd, a test, or damage wrote it. */
export interface UnknownField {
  /** The message it stands in, from the decoded one down, such as `txn.success[0]`; '' at the top. */
  readonly path: string
  readonly number: number
  /** 0 varint, 1 64 bits, 2 length-delimited, 3 group, 5 32 bits. */
  readonly wireType: number
  /** What follows the tag; of a length-delimited field the content alone. A view of the input. */
  readonly bytes: Uint8Array
}

interface DecodeFailure {
  readonly ok: false
  /** Offset in the bytes that were to be decoded where reading could not go on. */
  readonly at: number
  readonly reason: string
}

export type Decoded<T> =
  | { readonly ok: true; readonly message: T; readonly unknownFields: readonly UnknownField[] }
  | DecodeFailure

// Every level of a nested txn takes two levels of messages, and etcd sets no limit to the nesting.
// protobufjs' own limit of 100 would refuse what etcd applies; the stack holds far more than this.
protobuf.Reader.recursionLimit = 1000

/** What a message may hold before it is an attack on our memory: etcd's limit is 1.5 MB in all. */
const MAX_FIELDS = 1 << 19

/** Keeps unknown fields, and counts: two hostile bytes can make an object of two hundred. */
class Reader extends protobuf.Reader {
  override discardUnknown = false
  private fields = 0

  override tag(): number {
    this.count()
    return super.tag()
  }

  /** The only field that comes packed, an id of a ConfState. */
  override uint64(): protobuf.Long {
    this.count()
    return super.uint64()
  }

  private count(): void {
    this.fields += 1
    if (this.fields > MAX_FIELDS) throw new Error(`more than ${MAX_FIELDS} fields`)
  }
}

/**
 * Decodes one message and keeps what it does not know.
 *
 * Enum numbers without a name stay numbers, absent fields are absent (`Object.hasOwn`), packed and
 * unpacked repeated fields both decode, byte fields are views of `bytes`.
 *
 * As strict as the code gogo generates for etcd up to 3.6, which also refuses a known field with
 * another wire type (`proto: wrong wireType = 2 for field …`, api/etcdserverpb/rpc.pb.go @ v3.6.14);
 * the google.golang.org/protobuf of 3.7 takes that one for an unknown field.
 *
 * Bad bytes never throw: they give `ok: false` with a place and a reason.
 */
export function decode<T extends object>(type: MessageType<T>, bytes: Uint8Array): Decoded<T> {
  const reader = new Reader(bytes)
  let message: T
  try {
    message = type.decode(reader)
  } catch (error) {
    return { ok: false, at: reader.pos, reason: reasonOf(error) }
  }
  const unknownFields: UnknownField[] = []
  const failure = collectUnknown(message, '', bytes, unknownFields)
  return failure ?? { ok: true, message, unknownFields }
}

/** Where protobufjs leaves the raw fields it had no place for. */
interface Unknowns {
  readonly $unknowns?: Uint8Array[]
}

/** protobufjs throws plain Error and RangeError for bad bytes; anything else is a bug of ours. */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'unexpected EOF'
  if (error instanceof Error && error.constructor === Error) return error.message
  throw error
}

/** Walks the decoded messages for their unknown fields; stops at the first that is an error. */
function collectUnknown(
  message: Unknowns,
  path: string,
  input: Uint8Array,
  found: UnknownField[],
): DecodeFailure | undefined {
  for (const field of message.$unknowns ?? []) {
    const unknown = splitField(field, path)
    const reason = whyRefused(unknown, typeOf(message))
    if (reason) return { ok: false, at: field.byteOffset - input.byteOffset, reason }
    found.push(unknown)
  }
  for (const [name, value] of Object.entries(message)) {
    const parts: unknown[] = Array.isArray(value) ? value : [value]
    for (const [index, part] of parts.entries()) {
      if (!isMessage(part)) continue
      const step = Array.isArray(value) ? `${name}[${index}]` : name
      const failure = collectUnknown(part, path ? `${path}.${step}` : step, input, found)
      if (failure) return failure
    }
  }
  return undefined
}

function splitField(field: Uint8Array, path: string): UnknownField {
  const reader = new Reader(field)
  const tag = reader.tag()
  const wireType = tag & 7
  const bytes = wireType === 2 ? reader.bytes() : field.subarray(reader.pos)
  return { path, number: tag >>> 3, wireType, bytes }
}

function whyRefused(field: UnknownField, type: MessageType<object>): string | undefined {
  if (knows(type, field.number)) {
    return `wrong wire type ${field.wireType} for field ${field.number}`
  }
  // protobufjs skips a varint of any length, gogo refuses the eleventh byte.
  return field.wireType === 0 && field.bytes.length > 10 ? 'invalid varint encoding' : undefined
}

/**
 * Whether a message has a field of this number. Static code has no descriptor to ask, but its
 * decoder can be shown the number with each of the four wire types: it leaves one unknown less
 * when it takes one of them.
 */
function knows(type: MessageType<object>, number: number): boolean {
  const tag = (wireType: number) => ((number << 3) | wireType) >>> 0
  const zeros = protobuf.Writer.create()
    .uint32(tag(0))
    .uint32(0)
    .uint32(tag(1))
    .fixed64(0)
    .uint32(tag(2))
    .uint32(0)
    .uint32(tag(5))
    .fixed32(0)
  const message: Unknowns = type.decode(new Reader(zeros.finish()))
  return message.$unknowns?.length !== 4
}

/** Messages are told from `Long`s, bytes and scalars by their class, which can decode. */
function isMessage(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'decode' in value.constructor
}

function typeOf(message: object): MessageType<object> {
  return message.constructor as unknown as MessageType<object>
}
