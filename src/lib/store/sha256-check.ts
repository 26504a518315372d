import { hasTrailer, isCopy } from '../bolt/bolt-file.ts'
import { Sha256 } from '../checksum/sha256.ts'
import type { Findings } from '../findings/findings.ts'
import type { Source } from '../io/source.ts'
import type { Sha256Trailer } from './sha256-trailer.ts'

const TRAILER_BYTES = 32

/** Pages are multiples of this: a file that is one too has nothing behind them, or was filled up. */
const SECTOR = 512

/**
 * The SHA-256 that `snapshot save` puts behind the pages: 32 bytes, of everything before them.
 * Source: Save in client/v3/snapshot/v3_snapshot.go, saveDB in etcdutl/snapshot/v3_snapshot.go
 * @ v3.6.14.
 *
 * The work is begun when this is made, in another thread, and its result asked for at the end.
 */
export class Sha256Check {
  private readonly source: Source
  /** Where the pages end by the meta page, undefined without one. */
  private readonly pagesEnd: number | undefined
  /** Where a trailer at the end of the file would begin. */
  private readonly contentEnd: number
  private readonly ends: readonly number[]
  private readonly sha256: Sha256 | undefined

  /** @param pagesEnd high-water mark times page size; undefined when no meta page is valid */
  constructor(source: Source, pagesEnd: number | undefined) {
    const { size } = source
    this.source = source
    this.pagesEnd = pagesEnd
    this.contentEnd = Math.max(0, size - TRAILER_BYTES)
    const ends = [this.contentEnd, pagesEnd ?? size + 1].filter((end) => end <= size)
    this.ends = [...new Set(ends)].sort((a, b) => a - b)
    this.sha256 =
      size % SECTOR === 0 && !this.isFilledUp() ? undefined : new Sha256(source, this.ends)
  }

  /** Waits until the whole file was read; false when there is nothing to hash. */
  readWhole(): boolean {
    this.sha256?.digestsInHex()
    return this.sha256 !== undefined
  }

  /** Waits for the hash; what is wrong is reported. */
  result(findings: Findings): Sha256Trailer {
    const digests = this.sha256?.digestsInHex() ?? []
    const digestOf = (end: number | undefined): string | undefined =>
      end === undefined ? undefined : digests[this.ends.indexOf(end)]
    if (hasTrailer(this.source.size)) return this.present(digestOf, findings)
    return this.missing(digestOf, findings)
  }

  /** Whether a backup may be in front of what a copy in whole sectors put behind it. */
  private isFilledUp(): boolean {
    const { source, pagesEnd } = this
    return pagesEnd !== undefined && pagesEnd < source.size && isCopy(source)
  }

  private present(digestOf: DigestOf, findings: Findings): Sha256Trailer {
    const { source, contentEnd } = this
    const stored = this.bytesAt(contentEnd)
    const computed = digestOf(contentEnd) as string
    if (stored === computed) return { present: true, stored, computed, ok: true }
    const reason = this.reasonOf(stored, digestOf)
    findings.report(
      'DB_SHA256_MISMATCH',
      { path: source.name, offset: contentEnd, bytes: TRAILER_BYTES },
      {
        message: `the SHA-256 is not that of the content: ${reason}`,
        expected: stored,
        found: computed,
      },
    )
    return { present: true, stored, computed, ok: false, reason }
  }

  /** Why the last 32 bytes are not the hash of what is before them. */
  private reasonOf(stored: string, digestOf: DigestOf): string {
    const { pagesEnd, contentEnd, source } = this
    if (pagesEnd === undefined) return 'the file was changed; no meta page is valid'
    if (pagesEnd > contentEnd) {
      const missing = pagesEnd + TRAILER_BYTES - source.size
      return `the file is ${missing} bytes too short, and what it ends in is no hash`
    }
    const more = contentEnd - pagesEnd
    const digest = digestOf(pagesEnd)
    if (more > 0 && stored === digest) {
      return `it is right for the first ${pagesEnd} bytes: ${more} bytes stand between the last page and it`
    }
    if (more > 0 && this.bytesAt(pagesEnd) === digest) {
      return `the right one stands behind the last page: ${more} bytes were appended`
    }
    if (/^0*$/.test(stored)) return 'the last 32 bytes are zeros'
    return 'the file was changed since the backup was taken'
  }

  /** By its length the file has no hash at its end. */
  private missing(digestOf: DigestOf, findings: Findings): Sha256Trailer {
    const { source, pagesEnd } = this
    const { name: path, size } = source
    if (pagesEnd === undefined) return { present: false, reason: 'no meta page is valid' }
    const behind = size - pagesEnd
    if (behind < 0) {
      return { present: false, reason: `the file is ${-behind} bytes shorter than its pages` }
    }
    const stored = behind > TRAILER_BYTES ? this.bytesAt(pagesEnd) : undefined
    if (stored !== undefined && stored === digestOf(pagesEnd)) {
      const more = behind - TRAILER_BYTES
      const reason = `the right one stands behind the last page: ${more} bytes were appended`
      const message = `the SHA-256 is not at the end of the file: ${reason}`
      findings.report('DB_SHA256_MISMATCH', { path, offset: pagesEnd, bytes: more }, { message })
      return { present: true, stored, computed: stored, ok: false, reason }
    }
    if (behind > 0 && behind < TRAILER_BYTES) {
      const reason = `${TRAILER_BYTES - behind} of its 32 bytes were cut off`
      return this.cut(reason, behind, findings)
    }
    if (behind === 0 && isCopy(source)) {
      const reason = 'this is a backup without its last 32 bytes'
      return this.cut(reason, 0, findings)
    }
    const reason = "this is a copy of a member's db, not what `snapshot save` makes"
    findings.report(
      'DB_SHA256_MISSING',
      { path, offset: size },
      { message: `no SHA-256: ${reason}` },
    )
    return { present: false, reason }
  }

  private cut(reason: string, left: number, findings: Findings): Sha256Trailer {
    const { name: path, size } = this.source
    findings.report(
      'DB_SHA256_CUT',
      { path, offset: size - left },
      {
        message: `no SHA-256: ${reason}`,
        expected: `${TRAILER_BYTES} bytes behind the last page`,
        found: `${left} bytes`,
      },
    )
    return { present: false, reason }
  }

  private bytesAt(at: number): string {
    const bytes = new Uint8Array(TRAILER_BYTES)
    return Buffer.from(bytes.subarray(0, this.source.read(at, bytes))).toString('hex')
  }
}

/** The digest of the first `end` bytes, when it was asked for. */
type DigestOf = (end: number | undefined) => string | undefined
