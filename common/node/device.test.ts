import { test } from 'node:test'
import { expect } from 'chai'
import { describeDevice } from '../device.ts'

test('a session is named by its browser and system as far as they can be told', () => {
  expect(describeDevice('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36')).to.equal(
    'Chrome on Linux',
  )
  expect(describeDevice('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604')).to.equal(
    'Safari on iOS',
  )
  expect(describeDevice('node')).to.equal('A program or an unknown browser')
  expect(describeDevice(null)).to.equal('A program or an unknown browser')
})
