import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { openLoadBar } from './load-bar.ts'

describe('the bar of a long load', () => {
  const progress = { phase: 'reading' as const, from: 100n, at: 149n, to: 199n, rows: 12_345, perSecond: 6_789, secondsLeft: 7 }

  it('shows how far it is, how fast, and what is left', () => {
    const terminal = openTerminal(true)
    const bar = openLoadBar(terminal.stream)!
    bar.show(progress)
    expect(terminal.seen()).to.match(/Old blocks .* 50 % {2}12,345 transfers {2}6,789\/s {2}7 s left/)
    bar.stop()
    bar.show({ ...progress, phase: 'building keys', at: 199n })
    expect(terminal.seen()).to.match(/100 % .* building keys/)
    bar.stop()
  })

  it('is not drawn where nobody looks', () => {
    expect(openLoadBar(openTerminal(false).stream)).to.equal(undefined)
  })
})

function openTerminal(isTTY: boolean) {
  const stream = new PassThrough()
  let text = ''
  stream.on('data', (data) => (text += String(data)))
  const tty = { isTTY, columns: 120, cursorTo() {}, clearLine() {}, moveCursor() {} }
  return { stream: Object.assign(stream, tty) as unknown as NodeJS.WriteStream, seen: () => text }
}
