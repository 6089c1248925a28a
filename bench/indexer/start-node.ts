import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Cleanup } from './cleanup.ts'
import type { Control, ControlAnswer } from './fixture-node.ts'

/** A fixture node in a process of its own. */
export interface FixtureNode {
  url: string
  pid: number
}

/** Starts a node on a generated chain; answers when it listens. */
export async function startNode(folder: string, cleanup: Cleanup): Promise<FixtureNode & { stop(): Promise<void> }> {
  const script = join(import.meta.dirname, 'fixture-node.ts')
  const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = cleanup.add(async () => {
    child.stdin.end()
    await ended
  })
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text).trim()))
    child.once('exit', (code) => reject(new Error(`The fixture node ended with code ${code}`)))
    child.once('error', reject)
  })
  return { url: `http://127.0.0.1:${port}`, pid: child.pid!, stop }
}

/** Changes how a node behaves, and reads its statistics. */
export async function controlNode(node: FixtureNode, change: Control = {}): Promise<ControlAnswer> {
  const response = await fetch(`${node.url}/control`, { method: 'POST', body: JSON.stringify(change) })
  return (await response.json()) as ControlAnswer
}
