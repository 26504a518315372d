/** Real etcd clusters on loopback, of any pinned version. */
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { post } from './gateway.ts'
import { ensureEtcd, type Toolset } from './install/install.ts'
import { run } from './install/run.ts'
import { isAtLeast, type Tool } from './install/versions.ts'
import { parseGoJson } from './json.ts'
import { Member } from './member.ts'

export interface ClusterOptions {
  version: string
  /** Holds the members' data dirs and logs. */
  dir: string
  /** Members to start with, named m1, m2, …; 1 unless told. */
  size?: number
  /** More flags for every member, such as `['--snapshot-count', '10']`. */
  args?: string[]
  /** Serve the v2 API too; ignored where it no longer exists. */
  v2?: boolean
  program?: Extract<Tool, 'etcd' | 'etcd-small-segments'>
}

export class Cluster {
  readonly version: string
  readonly tools: Toolset
  readonly members: Member[] = []
  /** Credentials (`name:password`) for etcdctl, once auth is enabled. */
  user: string | undefined
  readonly #options: ClusterOptions

  private constructor(options: ClusterOptions, tools: Toolset) {
    this.version = options.version
    this.tools = tools
    this.#options = options
  }

  /** Starts a new cluster and waits until all of it is ready. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = await Cluster.define(options)
    for (const member of cluster.members) {
      cluster.startMember(member, ['--initial-cluster-state', 'new'])
    }
    await Promise.all(cluster.members.map((member) => member.ready()))
    return cluster
  }

  /** Gives the members their names and addresses, and starts none. */
  static async define(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options, await ensureEtcd(options.version))
    for (let i = 1; i <= (options.size ?? 1); i++) {
      cluster.members.push(await cluster.#newMember(`m${i}`))
    }
    return cluster
  }

  member(name: string): Member {
    const found = this.members.find((member) => member.name === name)
    if (!found) {
      throw new Error(`no member ${name}`)
    }
    return found
  }

  /** The first member: the only one where there is one. */
  get first(): Member {
    return this.member('m1')
  }

  get initialCluster(): string {
    return this.members.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',')
  }

  /** Starts a member with the cluster's flags, and `args` after them. */
  startMember(member: Member, args: string[] = []): void {
    const program = this.tools.bin[this.#options.program ?? 'etcd']
    if (!program) {
      throw new Error(`etcd ${this.version} is installed without ${this.#options.program}`)
    }
    const timing = ['--heartbeat-interval', '100', '--election-timeout', '600']
    const hasV2Flag = !isAtLeast(this.version, '3.6')
    const v2 = hasV2Flag ? [`--enable-v2=${this.#options.v2 ?? false}`] : []
    const common = ['--initial-cluster', this.initialCluster, ...timing, ...v2]
    member.start(program, [...common, ...(this.#options.args ?? []), ...args])
  }

  /** Starts a member of a running cluster again and waits for it. */
  async restartMember(member: Member, args: string[] = []): Promise<void> {
    this.startMember(member, args)
    await member.ready()
  }

  /** Adds a member to the running cluster and starts it. */
  async addMember(name: string, { learner = false } = {}): Promise<Member> {
    const member = await this.#newMember(name)
    const flags = [`--peer-urls=${member.peerUrl}`, ...(learner ? ['--learner'] : [])]
    await this.#reconfigure(['add', name, ...flags])
    member.isLearner = learner
    this.members.push(member)
    await this.restartMember(member, ['--initial-cluster-state', 'existing'])
    return member
  }

  /** Makes a voter of a learner, once it has caught up. */
  async promoteMember(member: Member): Promise<void> {
    await this.#reconfigure(['promote', await this.memberId(member)])
    member.isLearner = false
  }

  /** Has the cluster forget a member, and ends its process. */
  async removeMember(member: Member): Promise<void> {
    await this.#reconfigure(['remove', await this.memberId(member)])
    await member.kill()
    this.members.splice(this.members.indexOf(member), 1)
  }

  /** Gives the member's peers another list of its addresses. */
  async updateMember(member: Member, peerUrls: string[]): Promise<void> {
    const id = await this.memberId(member)
    await this.#reconfigure(['update', id, `--peer-urls=${peerUrls.join(',')}`])
  }

  /** The member's id in hex, as etcdctl takes it. */
  async memberId(member: Member): Promise<string> {
    return BigInt((await this.status(member)).header.member_id).toString(16)
  }

  /** What `endpoint status` says of a member, learners included. */
  async status(member: Member) {
    return await post(this, '/maintenance/status', {}, member)
  }

  /** Hands leadership over to `member`. */
  async moveLeader(member: Member): Promise<void> {
    const leader = await this.leader()
    if (leader !== member) {
      await this.etcdctl(['move-leader', await this.memberId(member)], leader)
    }
  }

  /** Runs etcdctl against every running voter, or `at` alone, and gives its stdout. */
  etcdctl(args: string[], at?: Member): Promise<string> {
    const voters = this.members.filter((member) => member.isRunning && !member.isLearner)
    const reachable = at ? [at] : voters
    const endpoints = reachable.map((member) => member.clientUrl).join(',')
    const user = this.user ? ['--user', this.user] : []
    return this.#run(this.tools.bin.etcdctl, ['--endpoints', endpoints, ...user, ...args])
  }

  /** Runs what reads and restores backups: etcdutl from 3.5 on, etcdctl before. */
  snapshotTool(args: string[]): Promise<string> {
    const tool = this.tools.bin.etcdutl ?? this.tools.bin.etcdctl
    return this.#run(tool, ['snapshot', ...args])
  }

  /** Runs etcdctl and parses what it prints, with exact integers. */
  async etcdctlJson(args: string[], at?: Member) {
    return parseGoJson(await this.etcdctl([...args, '-w', 'json'], at))
  }

  /** The member that leads, as it says itself. */
  async leader(): Promise<Member> {
    for (let attempt = 0; attempt < 100; attempt++) {
      for (const member of this.members.filter((each) => each.isRunning)) {
        if ((await member.metric('etcd_server_is_leader').catch(() => 0)) === 1) {
          return member
        }
      }
      await sleep(50)
    }
    throw new Error('the cluster has no leader')
  }

  /** Stops followers first, so that leadership is not handed over and the log stays as it was. */
  async stop(): Promise<void> {
    const running = this.members.filter((member) => member.isRunning)
    const leader = running.length > 1 ? await this.leader() : running[0]
    await Promise.all(running.filter((member) => member !== leader).map((each) => each.stop()))
    await leader?.stop()
  }

  async kill(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()))
  }

  /** Runs a tool; 3.3's speaks the v2 API unless told, and 3.6's complains when told. */
  #run(tool: string, args: string[]): Promise<string> {
    const api = isAtLeast(this.version, '3.4') ? {} : { ETCDCTL_API: '3' }
    return run(tool, args, { env: { ...process.env, ...api } })
  }

  /** Repeats a membership change while etcd finds its peers not connected for long enough. */
  async #reconfigure(args: string[]): Promise<void> {
    const deadline = Date.now() + 20_000
    for (;;) {
      try {
        await this.etcdctl(['member', ...args], await this.leader())
        return
      } catch (error) {
        const isTooEarly = /unhealthy|not enough started|in sync with leader/.test(String(error))
        if (!isTooEarly || Date.now() > deadline) {
          throw error
        }
        await sleep(250)
      }
    }
  }

  async #newMember(name: string): Promise<Member> {
    return new Member(name, this.#options.dir, await freePort(), await freePort())
  }
}

/** A port nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
