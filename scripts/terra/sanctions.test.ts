import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { sdnXml } from '../../api/sanctions/testing-lists.ts'
import { openScene, type Scene } from './testing-scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

const write = (name: string, text: string): string => {
  const file = join(scene.folder, name)
  writeFileSync(file, text)
  return file
}
const list = sdnXml([
  { uid: 1, first: 'Some', last: 'Body' },
  { uid: 2, first: 'Any', last: 'Body' },
])

test('a sanctions list is loaded once, shown, and a broken one is refused', async () => {
  const none = await scene.terra(['sanctions', 'status'])
  expect([none.code, none.out]).to.deep.equal([1, 'No sanctions list is loaded: nobody is compared with any.\n'])
  const file = write('SDN.XML', list)
  const loaded = await scene.terra(['sanctions', 'load', file])
  expect([loaded.code, loaded.out]).to.deep.equal([
    0,
    'ofac_sdn of 2026-11-20 with 2 entries is in force. The worker compares everybody with it.\n',
  ])
  const again = await scene.terra(['sanctions', 'load', file, '--json'])
  expect(JSON.parse(again.out)).to.include({ ok: true, isNew: false, entries: 2 })
  const cut = await scene.terra(['sanctions', 'load', write('cut.xml', list.slice(0, 400))])
  expect(cut.code).to.equal(1)
  expect(cut.err).to.match(/^error REFUSED: The file was not loaded: .*The list in force stays\. Try: download the file again/m)
  const missing = await scene.terra(['sanctions', 'load', join(scene.folder, 'nowhere.xml')])
  expect([missing.code, missing.err.includes('error REFUSED')]).to.deep.equal([1, true])
  const status = await scene.terra(['sanctions', 'status', '--json'])
  expect(status.code).to.equal(0)
  expect(JSON.parse(status.out)).to.deep.include({ accounts: 0, waiting: 0 })
  expect(JSON.parse(status.out).lists).to.have.length(1)
})
