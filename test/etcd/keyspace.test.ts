/** A store of 50 000 keys on real servers: every key, every hash, and a db that is being written. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { bin, plainEnv } from '../cli/spawn.ts'
import { base64, line } from '../truth/keyspaces.ts'
import { fillKeyspace, KEYS } from './big-keyspace.ts'
import { Cluster } from './cluster.ts'
import { put } from './gateway.ts'

const LOAD_MS = 10_000
const WRITERS = 8

/** No inspection of a db of some 30 MiB may take longer, whoever holds a lock on it. */
const LONGEST_MS = 20_000

for (const version of ['3.4.23', '3.5.30', '3.6.14', '3.7.1']) {
  describe(`a store of ${KEYS} keys in ${version}`, () => {
    let dir = ''
    let cluster: Cluster
    let compacted = 0
    let revision = 0
    const db = () => join(cluster.first.snapDir, 'db')
    const backup = () => join(dir, 'backup.db')

    before(async () => {
      dir = mkdtempSync(join(tmpdir(), 'etcdsnap-keyspace-'))
      cluster = await Cluster.start({ version, dir, args: ['--quota-backend-bytes', '1000000000'] })
      compacted = (await fillKeyspace(cluster)).compacted
      revision = Number((await cluster.status(cluster.first)).header.revision)
      // What is applied is committed to the db within 100 ms; a backup commits at once.
      await cluster.etcdctl(['snapshot', 'save', backup()])
    })
    after(async () => {
      await cluster.kill()
      rmSync(dir, { recursive: true })
    })

    test('every key of a backup is the one that etcdctl lists', async () => {
      await sameKeys(backup())
    })

    test('the keyspace at an earlier revision, too', async () => {
      for (const at of [compacted, compacted + 7, revision - 20]) await sameKeys(backup(), at)
    })

    test('the db of the running member, with nobody writing, says the same and stays as it is', async () => {
      const before = stateOf(db())
      await sameKeys(db())
      const { artefacts, findings } = await inspect(['--json', db()])
      assert.deepEqual(findings, [])
      assert.equal(artefacts[0].revision, revision)
      assert.deepEqual(stateOf(db()), before)
    })

    test('HashKV at several revisions is that of the server, restarted', async () => {
      await cluster.first.stop()
      await cluster.restartMember(cluster.first)
      for (const at of [compacted + 1, compacted + 50, revision - 1, revision]) {
        const [{ HashKV: said }] = await cluster.etcdctlJson(
          ['endpoint', 'hashkv', '--rev', String(at)],
          cluster.first,
        )
        const { artefacts } = await inspect(['--json', '--rev', String(at), backup()])
        const ours = artefacts[0].hashKv.find((each: { revision: number }) => each.revision === at)
        assert.equal(Number.parseInt(ours.hash, 16), said.hash, `at ${at}`)
        assert.equal(String(ours.compactRevision), String(said.compact_revision))
      }
    })

    test('a db that is being written: neither waits, nor lies', async (t) => {
      const until = Date.now() + LOAD_MS
      let written = 0
      const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        for (let i = 0; Date.now() < until; i++) {
          await put(cluster, `being written/${writer}/${i % 500}`, 'x'.repeat(i % 4000))
          written += 1
        }
      })
      const outcomes: Record<string, number> = {}
      while (Date.now() < until) {
        const { counts, artefacts } = await inspect(['--json', db()], [0, 3])
        const ids = Object.keys(counts).sort().join(' ') || 'nothing'
        outcomes[ids] = (outcomes[ids] ?? 0) + 1
        assert.match(ids, /^(nothing|DB_BEING_WRITTEN|DB_NEVER_STILL)$/)
        // Either the hash of one state of the db, or none.
        assert.equal(artefacts[0].statusHash === undefined, ids === 'DB_NEVER_STILL')
        assert.ok(artefacts[0].revision >= revision)
      }
      await Promise.all(writers)
      t.diagnostic(`${written} writes; findings: ${JSON.stringify(outcomes)}`)
      assert.ok(written > 500)
      assert.ok(cluster.first.isRunning)
      await put(cluster, 'still writable', 'x')
      await cluster.first.stop()
      const { artefacts, counts } = await inspect(['--json', db()])
      assert.deepEqual(counts, {})
      assert.equal(artefacts[0].revision, revision + written + 1)
    })

    /** Compares all that is listed of a db with what the server lists, at the current revision or another. */
    async function sameKeys(path: string, at?: number): Promise<void> {
      const rev = at === undefined ? [] : ['--rev', String(at)]
      const said = await cluster.etcdctlJson(['get', '', '--prefix', ...rev], cluster.first)
      const expected = said.kvs.map(lineOf)
      const { stdout } = await etcdsnap([
        'inspect',
        'keys',
        '-o',
        'ndjson',
        '--values',
        'hash',
        ...rev,
        path,
      ])
      const keys = stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text))
        .filter(({ type }) => type === 'key')
        .map(lineOfOurs)
      assert.equal(keys.length, expected.length)
      for (const [i, key] of keys.entries()) assert.equal(key, expected[i])
    }
  })
}

/** Runs the built program, which has to end by itself and in time. */
async function etcdsnap(args: readonly string[]): Promise<{ code: number; stdout: string }> {
  const options = { env: plainEnv, maxBuffer: 1024 ** 3, timeout: LONGEST_MS }
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args], options)
    return { code: 0, stdout }
  } catch (error) {
    const { code, signal, stdout, stderr } = error as Record<string, string>
    assert.ok(typeof code === 'number', `${args.join(' ')}: ${signal} ${code} ${stderr}`)
    return { code, stdout: stdout ?? '' }
  }
}

async function inspect(args: readonly string[], codes: readonly number[] = [0]) {
  const { code, stdout } = await etcdsnap(['inspect', ...args])
  const document = JSON.parse(stdout)
  const { findings, counts } = document
  assert.ok(codes.includes(code), `exit code ${code}: ${JSON.stringify({ counts, findings })}`)
  return document
}

// biome-ignore lint/suspicious/noExplicitAny: etcdctl's JSON
function lineOf(kv: any): string {
  const { key, create_revision, mod_revision, version, lease = 0, value = '' } = kv
  return line({
    key: Buffer.from(key, 'base64'),
    createRevision: create_revision,
    modRevision: mod_revision,
    version,
    lease: BigInt(lease),
    value: Buffer.from(value, 'base64'),
  })
}

/** A line of `inspect keys --values hash`, in the same words. */
// biome-ignore lint/suspicious/noExplicitAny: the contract's JSON
function lineOfOurs({ key, createRevision, modRevision, version, lease, value }: any): string {
  const bytes = key.text === undefined ? Buffer.from(key.base64, 'base64') : Buffer.from(key.text)
  const hexLease = (lease ?? '').padStart(16, '0')
  const sha256 = value.sha256.slice(0, 16)
  const numbers = [createRevision, modRevision, version, hexLease, value.bytes]
  return [base64(bytes), ...numbers, sha256].join(' ')
}

function stateOf(path: string): string {
  const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true })
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  return [size, mtimeNs, ctimeNs, ino, sha256].join(' ')
}
