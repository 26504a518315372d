import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readMeta } from '../../../src/lib/store/meta.ts'
import { type Content, hex, read } from './bucket-rows.ts'

const readRows = (...content: Content) => read('meta', readMeta, content)

/** One row, as the reader of a bad value sees it. */
function broken(key: string, value: string | Uint8Array) {
  const { result, ids, severities } = readRows([key, value])
  assert.deepEqual(ids, ['STORE_ROW_UNDECODABLE'])
  return { result, severity: severities[0] }
}

describe('readMeta', () => {
  it('reads the rows of a server of 3.6', () => {
    const revision = hex('0000000000000003 5f 0000000000000000')
    const { result, ids } = readRows(
      ['confState', '{"voters":[13885315960595192159],"auto_leave":false}'],
      ['consistent_index', hex('0000000000000022')],
      ['finishedCompactRev', revision],
      ['scheduledCompactRev', hex('0000000000000009 5f 0000000000000000')],
      ['storageVersion', '3.6.0'],
      ['term', hex('0000000000000002')],
    )
    assert.deepEqual(ids, [])
    assert.deepEqual(result, {
      confState: {
        voters: [13885315960595192159n],
        learners: [],
        votersOutgoing: [],
        learnersNext: [],
        autoLeave: false,
      },
      consistentIndex: 0x22,
      finishedCompactRevision: 3,
      scheduledCompactRevision: 9,
      storageVersion: '3.6.0',
      term: 2,
    })
  })

  it('says nothing of what has no row', () => {
    assert.deepEqual(readRows().result, {})
    assert.deepEqual(readRows(['consistent_index', hex('ffffffffffffffff')]).result, {
      consistentIndex: 2n ** 64n - 1n,
    })
  })

  it('reads every part of a ConfState', () => {
    const json =
      '{"voters":[1],"learners":[2,18446744073709551615],"voters_outgoing":[3],"learners_next":[4],"auto_leave":true}'
    assert.deepEqual(readRows(['confState', json]).result.confState, {
      voters: [1],
      learners: [2, 2n ** 64n - 1n],
      votersOutgoing: [3],
      learnersNext: [4],
      autoLeave: true,
    })
    assert.deepEqual(readRows(['confState', '{"voters":null}']).result.confState?.voters, [])
  })

  it('reports a ConfState that is none, which no server reads', () => {
    for (const json of [
      '',
      '[]',
      '{"voters":["1"]}',
      '{"voters":[-1]}',
      '{"voters":[1.5]}',
      '{"learners":[18446744073709551616]}',
      '{"auto_leave":1}',
    ]) {
      assert.deepEqual(broken('confState', json), { result: {}, severity: 'warning' }, json)
    }
  })

  it('reports numbers that are too short, on which servers panic', () => {
    for (const key of ['consistent_index', 'term']) {
      assert.deepEqual(broken(key, hex('00000000000022')), { result: {}, severity: 'error' })
    }
    for (const key of ['scheduledCompactRev', 'finishedCompactRev']) {
      const short = hex('0000000000000003 5f 00000000000000')
      assert.deepEqual(broken(key, short), { result: {}, severity: 'error' })
    }
  })

  it('reads numbers that are too long as servers do: from their first bytes', () => {
    assert.deepEqual(broken('term', hex('000000000000000207')), {
      result: { term: 2 },
      severity: 'warning',
    })
  })

  it('reports a storage version that is none, which servers pass over', () => {
    for (const version of ['', '3.6', 'v3.6.0', '3.6.0\n', '3.6.x', `3.6.${'0'.repeat(100)}`]) {
      assert.deepEqual(broken('storageVersion', version), { result: {}, severity: 'warning' })
    }
    assert.equal(readRows(['storageVersion', '3.7.0-rc.1']).result.storageVersion, '3.7.0-rc.1')
  })

  it('collects keys that it does not know, whatever they are called', () => {
    const { result, ids, unknown } = readRows(
      ['constructor', 'x'],
      ['term', hex('0000000000000002')],
      ['terms', hex('0000000000000003')],
      [hex('00')],
    )
    assert.deepEqual(result, { term: 2 })
    assert.deepEqual(ids, [])
    assert.deepEqual(unknown, ['meta/constructor', 'meta/terms', 'meta/\0'])
  })

  it('says where a row is', () => {
    const { findings } = readRows(['term', hex('0000000000000002')], ['consistent_index', 'x'])
    const [finding] = findings.list
    assert.equal(finding?.path, 'db')
    assert.equal(finding?.page, 7)
    assert.equal(finding?.offset, 4096 + 'term'.length + 8)
    assert.equal(finding?.bytes, 'consistent_index'.length + 1)
    assert.match(finding?.message ?? '', /meta.*consistent_index.*1 bytes instead of 8/)
  })
})
