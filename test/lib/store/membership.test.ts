import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readMembers, readRemovedMembers } from '../../../src/lib/store/membership.ts'
import { type Content, read } from './bucket-rows.ts'

const members = (...content: Content) => read('members', readMembers, content)

describe('readMembers', () => {
  it('reads members with all 64 bits of their ids, in the order of the ids', () => {
    const { result, ids } = members(
      [
        'c0b28d4c7156995f',
        '{"id":13885315960595192159,"peerURLs":["http://127.0.0.1:24301"],"name":"m1","clientURLs":["http://127.0.0.1:24300"]}',
      ],
      ['f', '{"id":15,"peerURLs":["http://a:1","http://b:1"],"isLearner":true}'],
    )
    assert.deepEqual(ids, [])
    assert.deepEqual(result, [
      { id: 15, peerUrls: ['http://a:1', 'http://b:1'], clientUrls: [], isLearner: true },
      {
        id: 0xc0b28d4c7156995fn,
        name: 'm1',
        peerUrls: ['http://127.0.0.1:24301'],
        clientUrls: ['http://127.0.0.1:24300'],
        isLearner: false,
      },
    ])
  })

  it('reads a member without anything, as Go does', () => {
    const bare = { id: 1, peerUrls: [], clientUrls: [], isLearner: false }
    for (const json of ['{}', '{"peerURLs":null,"name":null,"color":"red"}']) {
      const { result, ids } = members(['1', json])
      assert.deepEqual(result, [bare])
      assert.deepEqual(ids, [])
    }
  })

  it('reports rows on which servers panic', () => {
    const cases: [string, string, number][] = [
      ['not an id', '{"id":1}', 0],
      ['', '{"id":1}', 0],
      ['1', 'removed', 0],
      ['1', '[]', 0],
      ['1', `{"id":1,"name":"${'x'.repeat(70_000)}"}`, 0],
      // What can be read is.
      ['1', '{"id":1,"name":"m1","peerURLs":"http://a:1"}', 1],
      ['1', '{"id":18446744073709551616}', 1],
    ]
    for (const [key, value, number] of cases) {
      const { result, ids, severities } = members([key, value])
      assert.equal(result.length, number, value.slice(0, 80))
      assert.deepEqual(ids, ['STORE_ROW_UNDECODABLE'])
      assert.deepEqual(severities, ['error'])
    }
  })

  it('reports a member that says it is another, and believes the key', () => {
    const { result, ids, findings } = members(['a', '{"id":11,"name":"m1"}'])
    assert.equal(result[0]?.id, 10)
    assert.deepEqual(ids, ['STORE_ROW_MISMATCH'])
    assert.equal(findings.list[0]?.expected, '000000000000000a')
    assert.equal(findings.list[0]?.found, '000000000000000b')
  })

  it('keeps no more than there is room for, and says so', () => {
    const many = Array.from({ length: 10_003 }, (_, id) => [id.toString(16), '{}'] as const)
    const { result, ids, messages } = members(...many)
    assert.equal(result.length, 10_000)
    assert.deepEqual(ids, ['STORE_NOT_LISTED'])
    assert.match(messages[0] ?? '', /\b3 rows more/)

    const name = 'x'.repeat(60_000)
    const large = Array.from({ length: 40 }, (_, id) => [`${id}`, `{"name":"${name}"}`] as const)
    assert.equal(members(...large).result.length, 34)
  })
})

describe('readRemovedMembers', () => {
  const removed = (present: Parameters<typeof readRemovedMembers>[1], ...content: Content) =>
    read('members_removed', (rows) => readRemovedMembers(rows, present), content)
  const member = (id: number) => ({ id, peerUrls: [], clientUrls: [], isLearner: false })

  it('reads ids, in their order', () => {
    const { result, ids } = removed([member(1)], ['962b2431d7b05359', 'removed'], ['a', 'removed'])
    assert.deepEqual(result, [10, 0x962b2431d7b05359n])
    assert.deepEqual(ids, [])
  })

  it('warns of one that is still a member', () => {
    const { ids, severities, messages } = removed([member(1), member(10)], ['a', 'removed'])
    assert.deepEqual(ids, ['STORE_MEMBER_REMOVED'])
    assert.deepEqual(severities, ['warning'])
    assert.match(messages[0] ?? '', /000000000000000a/)
  })

  it('reports a key that is no id', () => {
    const { result, ids } = removed([], ['xyz', 'removed'])
    assert.deepEqual(result, [])
    assert.deepEqual(ids, ['STORE_ROW_UNDECODABLE'])
  })
})
