import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { parseEther } from 'viem'
import { freePort, until } from '../../common/node/testing.ts'
import { openClient, saveState, startChain } from './chain.ts'
import { openRegistry, orphansOf } from './registry.ts'
import { sentenceOf, testFolder } from './testing.ts'

const folder = testFolder()

describe('The chain', () => {
  const account = '0x00000000000000000000000000000000000000aa'

  it('goes on after an end in order and after a power cut, also when its newest state was cut off', async () => {
    const port = await freePort()
    const start = () =>
      startChain({ folder: folder.path, port, registry: openRegistry(folder.path), onRestart: folder.warn, warn: folder.warn })
    const first = await start()
    expect(first.isKept).to.equal(false)
    const [from] = await first.client.getAddresses()
    const hash = await first.client.sendTransaction({ account: from!, chain: null, to: account, value: parseEther('1') })
    const { blockHash } = await first.client.waitForTransactionReceipt({ hash })
    await first.stop()

    const second = await start()
    expect(second.isKept).to.equal(true)
    expect((await second.client.getTransactionReceipt({ hash })).blockHash).to.equal(blockHash)
    expect(await second.client.getBalance({ address: account, blockTag: 'finalized' })).to.equal(parseEther('1'))
    await saveState(folder.path, second.client)
    second.child.kill()
    await second.stop()

    const path = join(folder.path, 'chain', 'state.json.gz')
    const state = await readFile(path)
    await writeFile(path, state.subarray(0, state.length / 2))
    const third = await start()
    expect(folder.warnings.join()).to.contain("The chain's newest state was damaged; going on from the one before it")
    expect(await third.client.getBalance({ address: account })).to.equal(parseEther('1'))
    await third.stop()
  })

  it('is not begun anew behind anybody’s back when no state can be read', async () => {
    await writeFile(join(folder.path, 'chain', 'state.json.gz'), 'rubbish')
    const start = startChain({
      folder: folder.path,
      port: await freePort(),
      registry: openRegistry(folder.path),
      onRestart: folder.warn,
      warn: folder.warn,
    })
    expect(await sentenceOf(start)).to.contain('cannot be read, nor the one before it: run npm run reset')
  })

  it('is brought back by its keeper when anvil dies', async () => {
    const chain = await startChain({
      folder: folder.path,
      port: await freePort(),
      registry: openRegistry(folder.path),
      onRestart: folder.warn,
      warn: folder.warn,
    })
    const [from] = await chain.client.getAddresses()
    const hash = await chain.client.sendTransaction({ account: from!, chain: null, to: account, value: 1n })
    await chain.client.waitForTransactionReceipt({ hash })
    await until(
      async () => existsSync(join(folder.path, 'chain', 'state.json.gz')) && (await chain.client.getBalance({ address: account })) === 1n,
    )
    await sleep(1_500)
    process.kill(orphansOf(folder.path).find(({ name }) => name === 'chain')!.pid, 'SIGKILL')
    await until(
      async () =>
        (await openClient(chain.url)
          .getBalance({ address: account })
          .catch(() => 0n)) === 1n,
    )
    expect(folder.warnings.join()).to.contain('chain was ended by SIGKILL; starting it again')
    await chain.stop()
  })
})
