import type { Disagreement } from '../member/member-disagreements.ts'
import type { SourceView, Standing } from '../member/member-source.ts'
import {
  AUTHORITIES,
  type MembersBySource,
  type SourcedMember,
} from '../member/members-by-source.ts'
import { hex16 } from '../proto/uint64.ts'

/** The head of `inspect members`' document: whose files these are, and what speaks in them. */
export function membersReport({
  path,
  self,
  clusterId,
  clusterVersion,
  views,
}: MembersBySource): object {
  return {
    path,
    memberId: self === undefined ? undefined : hex16(self),
    clusterId: clusterId === undefined ? undefined : hex16(clusterId),
    clusterVersion,
    goesBy: AUTHORITIES,
    sources: views.map(viewReport),
  }
}

/** The `member` line of docs/contract.md. */
export function memberLine({ id, name, sources, disagreements }: SourcedMember): object {
  return {
    type: 'member',
    id: hex16(id),
    name,
    sources: Object.fromEntries([...sources].map(([source, said]) => [source, standing(said)])),
    disagreements: disagreements.map(disagreementReport),
  }
}

function viewReport({ source, path, index }: SourceView): object {
  return { source, path, index }
}

function standing({ role, member }: Standing): object {
  const { name, peerUrls, clientUrls } = member ?? {}
  return { role, name, peerUrls, clientUrls }
}

function disagreementReport({ source, says, expected, id, reason }: Disagreement): object {
  return { source, says, expected, normal: id === undefined, id, reason }
}
