/** Protobuf messages as Go's CompactTextString prints them: `put:<key:"k" lease:7 > header:<ID:1 >`. */

/** A number, a boolean or an enum's name; the bytes between quotes; or a message. */
export type Prototext = string | Buffer | PrototextMessage

/** What a message has of each field, in order; more than one value for a repeated field only. */
export type PrototextMessage = Map<string, Prototext[]>

const TOKEN = /\s*(?:(\w+):|"((?:[^"\\]|\\.)*)"|([\w.+-]+)|([<>]))/sy

/** @throws Error where the text is not prototext */
export function parsePrototext(text: string): PrototextMessage {
  const outer: PrototextMessage[] = []
  let message: PrototextMessage = new Map()
  let field: Prototext[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(text)
    if (token === null) throw new Error(`no prototext at ${at}: ${text.slice(at, at + 100)}`)
    const [, name, quoted, word, bracket] = token
    if (name !== undefined) {
      field = message.get(name) ?? []
      message.set(name, field)
    } else if (quoted !== undefined) {
      field.push(unquote(quoted))
    } else if (word !== undefined) {
      field.push(word)
    } else if (bracket === '<') {
      outer.push(message)
      message = new Map()
      field.push(message)
    } else {
      message = outer.pop() ?? new Map()
    }
  }
  if (outer.length > 0) throw new Error(`${outer.length} messages are not closed: ${text}`)
  return message
}

const SIMPLE: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '"': 34, "'": 39, '\\': 92 }

/** Printable ASCII, simple escapes, and octal. */
function unquote(text: string): Buffer {
  const parts = text.split(/(\\[0-7]{3}|\\.)/s).map((part) => {
    if (!part.startsWith('\\')) return Buffer.from(part)
    const code = part.slice(1)
    return Buffer.from([SIMPLE[code] ?? Number.parseInt(code, 8)])
  })
  return Buffer.concat(parts)
}
