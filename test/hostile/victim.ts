/** Copies of fixtures that tests damage. */
import {
  closeSync,
  cpSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { listFixtures, openFixture } from '../fixtures/open.ts'

/** Something etcd wrote, in an unpacked fixture. */
export interface Artefact {
  /** Version, scenario and path in the fixture. */
  readonly name: string
  readonly path: string
  /** The data dir it belongs to; the artefact itself when it is by itself, as a backup is. */
  readonly dataDir: string
}

/** What the fixtures hold, in the order of their names. */
export function artefacts(choose: (name: string) => boolean = () => true): Artefact[] {
  listed ??= listFixtures().flatMap(([version, scenario]) => {
    const { dir } = openFixture(version, scenario)
    return readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(wal|snap)$|\bdb$/.test(name))
      .sort()
      .map((name) => {
        const [dataDir, below] = name.split(`${sep}member${sep}`) as [string, string?]
        const top = below === undefined ? name : dataDir
        return {
          name: join(version, scenario, name),
          path: join(dir, name),
          dataDir: join(dir, top),
        }
      })
      .filter(({ path }) => statSync(path).size > 0)
  })
  return listed.filter(({ name }) => choose(name))
}

let listed: Artefact[] | undefined

/** A file in a temporary directory that is damaged and mended in place. */
export class Victim {
  readonly path: string
  /** The copy of the data dir that it lies in, or of the file alone. */
  readonly top: string
  /** What the file holds when it is intact. */
  readonly intact: Buffer
  private readonly fd: number
  private readonly directory: string

  /** @param whole whether to copy all of the data dir */
  constructor({ path, dataDir }: Artefact, whole = false) {
    const copied = whole ? dataDir : path
    this.directory = mkdtempSync(join(tmpdir(), 'etcdsnap-hostile-'))
    this.top = join(this.directory, copied.split(sep).at(-1) as string)
    cpSync(copied, this.top, { recursive: true })
    this.path = join(this.top, relative(copied, path))
    this.intact = readFileSync(this.path)
    this.fd = openSync(this.path, 'r+')
  }

  set(offset: number, byte: number): void {
    writeSync(this.fd, Uint8Array.of(byte), 0, 1, offset)
  }

  /** Makes these the whole of the file. */
  fill(bytes: Uint8Array): void {
    ftruncateSync(this.fd, bytes.length)
    writeSync(this.fd, bytes, 0, bytes.length, 0)
  }

  /** Leaves this much of the intact file. */
  cut(length: number): void {
    this.fill(this.intact.subarray(0, length))
  }

  mend(): void {
    this.fill(this.intact)
  }

  /** Closes the file and removes the copy. */
  close(): void {
    closeSync(this.fd)
    rmSync(this.directory, { recursive: true })
  }
}
