import { readFileSync } from 'node:fs'
import { cpus, platform } from 'node:os'
import { memoryOfTree } from '../process-memory.ts'

/** What a process tree took. */
export interface Used {
  /** The most memory it had at any one time; see process-memory.ts. */
  peakBytes: number
  /** Of all its processes, in user and system mode; NaN where the system has no /proc. */
  cpuSeconds: number
}

export interface Watch {
  /** What it took up to now; nothing is read after this. */
  stop(): Promise<Used>
}

const EVERY_MS = 250
/** The whole tree less often: it is looked for among all processes, and what that costs is taken from the one that is watched. */
const TREE_EVERY = 4
/** Unit of the times in /proc: USER_HZ is 100 on every Linux that runs Node. */
const TICKS_PER_SECOND = 100

/** Watches a process and everything it starts, until it is told to stop or the process is gone. */
export function watchProcess(pid: number): Watch {
  const used: Used = { peakBytes: 0, cpuSeconds: platform() === 'linux' ? 0 : Number.NaN }
  let pids = [pid]
  let looks = 0
  let reading: Promise<void> | undefined

  async function read() {
    if (++looks % TREE_EVERY === 0) {
      const tree = await memoryOfTree(pid)
      pids = tree.map((process) => process.pid)
      const bytes = tree.reduce((sum, process) => sum + process.bytes, 0)
      used.peakBytes = Math.max(used.peakBytes, bytes)
    }
    // The high-water mark of the process itself catches what lies between two looks.
    used.peakBytes = Math.max(used.peakBytes, highWaterMark(pid))
    used.cpuSeconds = Math.max(used.cpuSeconds, cpuSecondsOf(pids))
  }
  const timer = setInterval(() => {
    reading ??= read().finally(() => {
      reading = undefined
    })
  }, EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await reading
      return used
    },
  }
}

/** CPU seconds of a process tree so far, its ended children included. */
export async function cpuSecondsOfTree(pid: number): Promise<number> {
  return cpuSecondsOf((await memoryOfTree(pid)).map((process) => process.pid))
}

/** Seconds in which the machine's cores did anything, summed. */
export function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1_000
}

function cpuSecondsOf(pids: number[]): number {
  if (platform() !== 'linux') return Number.NaN
  return pids.reduce((sum, pid) => {
    // After the name, which may hold spaces: state is field 3, the four times are fields 14 to 17.
    const stat = readProc(pid, 'stat')
    const times = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
    return sum + times.reduce((ticks, time) => ticks + Number(time), 0) / TICKS_PER_SECOND
  }, 0)
}

function highWaterMark(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readProc(pid, 'status'))?.[1] ?? 0) * 1_024
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
