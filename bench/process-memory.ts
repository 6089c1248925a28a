import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { platform } from 'node:os'
import { promisify } from 'node:util'

export interface Usage {
  name: string
  pid: number
  bytes: number
}

/**
 * Memory of a process and everything it started. On Linux proportional set size: a page that several share counts once in all,
 * which is what Postgres with its many processes on one shared buffer needs. Elsewhere resident size, which counts it several times.
 */
export async function memoryOfTree(pid: number): Promise<Usage[]> {
  const processes = platform() === 'linux' ? await listByProc() : await listByPs()
  const tree = new Set([pid])
  // Children may be listed before their parents.
  for (let before = 0; before !== tree.size; ) {
    before = tree.size
    for (const process of processes) if (tree.has(process.parent)) tree.add(process.pid)
  }
  const mine = processes.filter((process) => tree.has(process.pid))
  return Promise.all(mine.map(async ({ pid, name, bytes }) => ({ pid, name, bytes: bytes ?? (await readPss(pid)) })))
}

interface Listed {
  pid: number
  parent: number
  name: string
  bytes?: number
}

async function listByProc(): Promise<Listed[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const listed = await Promise.all(
    pids.map(async (pid) => {
      // "1234 (some name) S 1 …": the name may hold spaces and brackets.
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      const match = /^\d+ \((.*)\) \S (\d+)/s.exec(stat)
      return match ? [{ pid: Number(pid), parent: Number(match[2]), name: match[1]! }] : []
    }),
  )
  return listed.flat()
}

async function readPss(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024
}

async function listByPs(): Promise<Listed[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,rss=,comm='])
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, rss, ...name] = line.trim().split(/\s+/)
      return { pid: Number(pid), parent: Number(parent), name: name.join(' '), bytes: Number(rss) * 1024 }
    })
}
