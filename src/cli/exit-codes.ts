/** The exit codes scripts rely on; docs/contract.md is their specification. */
export const ExitCode = {
  ok: 0,
  /** inspect, verify: damage; diff: different. */
  damage: 1,
  usage: 2,
  unreadable: 3,
  refused: 4,
  bug: 70,
  interrupted: 130,
  closedPipe: 141,
  terminated: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** What a command's help says about the codes it ends with. */
export type ExitCodeHelp = Partial<Record<ExitCode, string>>

/** The codes that mean the same for every command. */
export const commonExitCodes: ExitCodeHelp = {
  [ExitCode.usage]: 'usage: unknown flag, bad value, contradictory flags',
  [ExitCode.unreadable]: 'cannot read or write: no such path, permission, not an etcd artefact',
  [ExitCode.bug]: 'a bug in etcdsnap',
}

const bySeverity: readonly ExitCode[] = [
  ExitCode.ok,
  ExitCode.refused,
  ExitCode.unreadable,
  ExitCode.damage,
  ExitCode.bug,
]

/** With several inputs the worst code counts: a bug, then damage, unreadable, refused. */
export function worst(a: ExitCode, b: ExitCode): ExitCode {
  return bySeverity.indexOf(a) > bySeverity.indexOf(b) ? a : b
}
