import { type CamelCase, camelCase } from '../proto/camel-case.ts'
import type { etcdserverpb } from '../proto/generated/etcd.js'

type InternalRaftRequest = etcdserverpb.InternalRaftRequest.$Properties

/**
 * The requests of an InternalRaftRequest in the order in which a server looks for them: of
 * several that are set it applies the first and ignores the others.
 *
 * server/etcdserver/apply/uber_applier.go dispatch @ v3.7.1, server/etcdserver/server.go
 * applyInternalRaftRequest @ v3.6.14, server/etcdserver/apply.go Apply @ v3.5.33. Up to 3.4 the
 * order is the same without the membership requests and downgrade_version_test (3.6) in front.
 */
const DISPATCH_ORDER = [
  'cluster_version_set',
  'cluster_member_attr_set',
  'downgrade_info_set',
  'downgrade_version_test',
  'range',
  'put',
  'delete_range',
  'txn',
  'compaction',
  'lease_grant',
  'lease_revoke',
  'lease_checkpoint',
  'alarm',
  'authenticate',
  'auth_enable',
  'auth_disable',
  'auth_status',
  'auth_user_add',
  'auth_user_delete',
  'auth_user_change_password',
  'auth_user_grant_role',
  'auth_user_get',
  'auth_user_revoke_role',
  'auth_role_add',
  'auth_role_grant_permission',
  'auth_role_get',
  'auth_role_revoke_permission',
  'auth_role_delete',
  'auth_user_list',
  'auth_role_list',
] as const satisfies readonly (keyof InternalRaftRequest)[]

export type RequestField = (typeof DISPATCH_ORDER)[number]

/** A request as JSON and `--entry-type` name it: the field of InternalRaftRequest in camel case. */
export type RequestName = CamelCase<RequestField>

/** Field and name of every request, in dispatch order. */
export const REQUESTS: readonly { readonly field: RequestField; readonly name: RequestName }[] =
  DISPATCH_ORDER.map((field) => ({ field, name: camelCase(field) as RequestName }))
