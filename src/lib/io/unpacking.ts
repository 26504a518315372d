import type { Details } from '../findings/finding.ts'
import type { Findings } from '../findings/findings.ts'
import type { Spool } from './spool.ts'

/** Where unpacked bytes go, and where what is wrong with the packed ones is reported. */
export class Unpacking {
  readonly spool: Spool
  /** Whether anything was reported but that other bytes follow. */
  faulty = false
  private readonly path: string
  private readonly findings: Findings

  constructor(path: string, findings: Findings, spool: Spool) {
    this.path = path
    this.findings = findings
    this.spool = spool
  }

  /** @param offset in the packed file */
  damaged(offset: number, { message, ...details }: Details): void {
    this.faulty = true
    const { bytes } = this.spool
    const kept = bytes > 0 ? `; ${bytes} bytes were unpacked before` : ''
    this.findings.report(
      'FILE_COMPRESSION_DAMAGED',
      { path: this.path, offset },
      { message: `${message}${kept}`, ...details },
    )
  }

  /** Bytes behind the end of the packed ones, which other programs pass over as well. */
  trailing(offset: number): void {
    const message = 'other bytes follow the compressed ones; they are not read'
    this.findings.report(
      'FILE_COMPRESSION_DAMAGED',
      { path: this.path, offset },
      { message, severity: 'warning' },
    )
  }

  unsupported(message: string): void {
    this.faulty = true
    this.findings.report('FILE_COMPRESSION_UNSUPPORTED', { path: this.path }, { message })
  }

  /** @param message why the archive does not tell which file is meant */
  unclear(message: string): void {
    this.faulty = true
    this.findings.report('FILE_ARCHIVE_UNCLEAR', { path: this.path }, { message })
  }
}
