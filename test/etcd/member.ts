/** One etcd process: its data dir, addresses and life. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export class Member {
  readonly name: string
  readonly dataDir: string
  readonly logFile: string
  readonly clientUrl: string
  readonly peerUrl: string
  /** Learners answer few requests, so etcdctl is not pointed at them. */
  isLearner = false
  #process: ChildProcess | undefined

  /** The member's files go to `<dir>/<name>` and its log to `<dir>/<name>.log`. */
  constructor(name: string, dir: string, clientPort: number, peerPort: number) {
    this.name = name
    this.dataDir = path.join(dir, name)
    this.logFile = path.join(dir, `${name}.log`)
    this.clientUrl = `http://127.0.0.1:${clientPort}`
    this.peerUrl = `http://127.0.0.1:${peerPort}`
  }

  get walDir(): string {
    return path.join(this.dataDir, 'member/wal')
  }

  get snapDir(): string {
    return path.join(this.dataDir, 'member/snap')
  }

  get isRunning(): boolean {
    return this.#process !== undefined
  }

  /** Starts `program` without waiting for it to serve. */
  start(program: string, args: string[]): void {
    mkdirSync(path.dirname(this.logFile), { recursive: true })
    const log = openSync(this.logFile, 'a')
    const own = [
      ['--name', this.name],
      ['--data-dir', this.dataDir],
      ['--listen-client-urls', this.clientUrl],
      ['--advertise-client-urls', this.clientUrl],
      ['--listen-peer-urls', this.peerUrl],
      ['--initial-advertise-peer-urls', this.peerUrl],
    ].flat()
    const child = spawn(program, [...own, ...args], { stdio: ['ignore', log, log] })
    closeSync(log)
    const killWithUs = () => child.kill('SIGKILL')
    process.once('exit', killWithUs)
    child.on('exit', () => {
      process.off('exit', killWithUs)
      if (this.#process === child) {
        this.#process = undefined
      }
    })
    this.#process = child
  }

  /** Waits until the member serves clients and knows a leader. */
  async ready(timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs
    while (Date.now() < deadline) {
      if (!this.isRunning) {
        throw new Error(`${this.name} has exited:\n${this.logTail()}`)
      }
      if ((await this.metric('etcd_server_has_leader').catch(() => 0)) === 1) {
        return
      }
      await sleep(50)
    }
    throw new Error(`${this.name} is not ready after ${timeoutMs} ms:\n${this.logTail()}`)
  }

  /** A number out of the member's own metrics; 0 when it reports none. */
  async metric(name: string): Promise<number> {
    const line = new RegExp(`^${name} (\\S+)$`, 'm').exec(await this.get('/metrics'))
    return Number(line?.[1] ?? 0)
  }

  /** How many log entries the member has applied: the index of the last one. */
  appliedIndex(): Promise<number> {
    return this.metric('etcd_server_proposals_applied_total')
  }

  /** Waits until this member has applied all that `other` has by now. */
  async catchUpWith(other: Member): Promise<void> {
    const target = await other.appliedIndex()
    while ((await this.appliedIndex()) < target) {
      await sleep(20)
    }
  }

  /** The body of an HTTP GET from the client address. */
  async get(urlPath: string): Promise<string> {
    const response = await fetch(this.clientUrl + urlPath, { signal: AbortSignal.timeout(2000) })
    return await response.text()
  }

  /** Shuts down as an operator would. */
  async stop(): Promise<void> {
    await this.#signalAndWait('SIGTERM', 30_000)
  }

  /** Dies as in a power cut, but for what the kernel has already been given. */
  async kill(): Promise<void> {
    await this.#signalAndWait('SIGKILL', 10_000)
  }

  /** Freezes the process, which its peers see as a silent network. */
  pause(): void {
    this.#process?.kill('SIGSTOP')
  }

  resume(): void {
    this.#process?.kill('SIGCONT')
  }

  /** Waits for the process to end by itself; false when it still runs after `timeoutMs`. */
  async exited(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs
    while (this.isRunning && Date.now() < deadline) {
      await sleep(20)
    }
    return !this.isRunning
  }

  /** The last lines the process logged, without stack traces and the like. */
  logTail(lines = 5): string {
    const text = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : ''
    const last = text.trimEnd().split('\n').slice(-lines)
    return last.map((line) => line.slice(0, 1000)).join('\n')
  }

  async #signalAndWait(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
    this.#process?.kill(signal)
    if (!(await this.exited(timeoutMs))) {
      this.#process?.kill('SIGKILL')
      throw new Error(`${this.name} ignored ${signal} for ${timeoutMs} ms`)
    }
  }
}
