/** etcd's JSON gateway: the requests that etcdctl cannot make, and many of them quickly. */
import type { Cluster } from './cluster.ts'
import { isAtLeast } from './install/versions.ts'
import { parseGoJson } from './json.ts'
import type { Member } from './member.ts'

export const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64')

/**
 * A call such as `post(cluster, '/kv/put', { key, value })`; bytes are base64.
 *
 * With auth on, it logs in first. Learners let nobody log in, but know the token that a voter
 * gave.
 */
export async function post(
  cluster: Cluster,
  method: string,
  body: object,
  at: Member = cluster.first,
  timeoutMs = 10_000,
) {
  const prefix = isAtLeast(cluster.version, '3.4') ? '/v3' : '/v3beta'
  const send = async (to: Member, path: string, content: object, headers = {}) => {
    const response = await fetch(`${to.clientUrl}${prefix}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(content),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${text}`)
    }
    return parseGoJson(text)
  }
  if (!cluster.user) {
    return await send(at, method, body)
  }
  const [name, password] = cluster.user.split(':')
  const login = at.isLearner ? await cluster.leader() : at
  const { token } = await send(login, '/auth/authenticate', { name, password })
  if (at.isLearner) {
    await at.catchUpWith(login)
  }
  return await send(at, method, body, { Authorization: token })
}

export async function put(
  cluster: Cluster,
  key: string | Buffer,
  value: string | Buffer,
  more: { lease?: string } = {},
  at?: Member,
): Promise<void> {
  await post(cluster, '/kv/put', { key: base64(key), value: base64(value), ...more }, at)
}

/** A put as it stands inside a transaction. */
export function putOp(key: string, value: string) {
  return { request_put: { key: base64(key), value: base64(value) } }
}

/** A delete as it stands inside a transaction. */
export function deleteOp(key: string) {
  return { request_delete_range: { key: base64(key) } }
}

/** The comparison `version(key) > 0`: the key exists. */
export function exists(key: string) {
  return { key: base64(key), target: 'VERSION', result: 'GREATER', version: 0 }
}
