import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { expect } from 'chai'
import { memoryOfTree } from './process-memory.ts'

test('a process counts with everything it started', async () => {
  const child = spawn(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { stdio: 'ignore' }); console.log('up'); setInterval(()=>{},1000)`,
    ],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    },
  )
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const usage = await memoryOfTree(child.pid!)
    expect(usage).to.have.length(2)
    for (const { bytes } of usage) expect(bytes).to.be.greaterThan(1_000_000)
  } finally {
    process.kill(-child.pid!, 'SIGKILL')
  }
})
