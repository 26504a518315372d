import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readAlarms } from '../../../src/lib/store/alarm.ts'
import { type Content, hex, read } from './bucket-rows.ts'

const readRows = (...content: Content) => read('alarm', readAlarms, content)

describe('readAlarms', () => {
  it('reads alarms from the keys, and warns of each', () => {
    const { result, ids, severities, messages } = readRows(
      [hex('08 8ba097b885f4f8c872 10 01')],
      [hex('08 8ba097b885f4f8c872 10 02')],
      [hex('08 02 10 09')],
    )
    assert.deepEqual(result, [
      { memberId: 0x7291e3a05705d00bn, alarm: 'NOSPACE' },
      { memberId: 0x7291e3a05705d00bn, alarm: 'CORRUPT' },
      { memberId: 2, alarm: 9 },
    ])
    assert.deepEqual(ids, ['STORE_ALARM_NOSPACE', 'STORE_ALARM_CORRUPT', 'STORE_ALARM_UNKNOWN'])
    assert.deepEqual(new Set(severities), new Set(['warning']))
    assert.deepEqual(messages.slice(0, 1), ['member 7291e3a05705d00b has raised NOSPACE'])
  })

  it('reports keys that are no alarm, on which servers do not start', () => {
    for (const key of ['08', '0a0161', 'ff']) {
      const { result, ids, severities } = readRows([hex(key)])
      assert.deepEqual(result, [])
      assert.deepEqual(ids, ['STORE_ROW_UNDECODABLE'])
      assert.deepEqual(severities, ['error'])
    }
    assert.deepEqual(readRows([Buffer.alloc(2000)]).ids, ['STORE_ROW_UNDECODABLE'])
  })

  it('takes no alarm for none', () => {
    const { result, ids, unknown } = readRows([hex('08 02')])
    assert.deepEqual([result, ids], [[], []])
    assert.equal(unknown.length, 1)
  })
})
