import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { BUCKETS, checkBuckets, isEtcdBucket } from '../../../src/lib/store/buckets.ts'

function check(names: readonly string[]) {
  const findings = new Findings()
  checkBuckets(names, 'db', findings)
  return findings.list.map(({ id, severity, message }) => ({ id, severity, message }))
}

describe('checkBuckets', () => {
  it('is content with those of etcd', () => {
    assert.deepEqual(check(BUCKETS), [])
    // bbolt has them in the order of their bytes.
    assert.deepEqual([...BUCKETS].sort(), BUCKETS)
    assert.ok(isEtcdBucket('members_removed') && !isEtcdBucket('test'))
  })

  it('names those that are missing; without keys the file is useless', () => {
    assert.deepEqual(check(BUCKETS.filter((name) => !/^auth/.test(name))), [
      {
        id: 'STORE_BUCKET_MISSING',
        severity: 'warning',
        message: 'not in the file: auth, authRoles, authUsers',
      },
    ])
    const [withoutKey] = check(BUCKETS.filter((name) => name !== 'key'))
    assert.equal(withoutKey?.severity, 'error')
  })

  it('names those of others', () => {
    assert.deepEqual(check([...BUCKETS, 'test']), [
      { id: 'STORE_BUCKET_UNKNOWN', severity: 'info', message: "not etcd's: test" },
    ])
    const many = Array.from({ length: 1000 }, (_, at) => `bucket${at}`)
    const [missing, unknown] = check(many)
    assert.deepEqual(missing?.message, "none of etcd's buckets is in the file")
    assert.match(unknown?.message ?? '', /bucket9 and 990 more$/)
  })
})
