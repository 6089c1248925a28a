import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { base58 } from '@scure/base'
import bip322 from 'bip322-js'
import { expect } from 'chai'
import { Value } from 'typebox/value'
import type { Session } from '../../common/wire.ts'
import { OutsideWallet } from '../../common/wire-wallets.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { testMirror } from '../testing-mirror.ts'
import { isSignedByOutside, readOutsideAddress } from './outside-address.ts'

// The key of BIP-322's own test vectors, and an EVM address that holds units in the mirror.
const BITCOIN_KEY = 'L3VFeEujGtevx9w18HD1fhRbCH67Az2dpCymeRE1SoPK6XQtaN2k'
const BITCOIN = {
  p2wpkh: 'bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l',
  p2tr: 'bc1ppv609nr0vr25u07u95waq5lucwfm6tde4nydujnu8npg4q75mr5sxq8lt3',
  p2sh: '37qyp7jQAzqb2rCBpMvVtLDuuzKAUCVnJb',
  p2pkh: '14vV3aCHBeStb5bkenkNHbe2YAFinYdXgc',
}
const EVM = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'

function newSolana() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  return { address: base58.encode(raw), sign: (message: string) => sign(null, Buffer.from(message), privateKey) }
}

describe('addresses besides the wallet', () => {
  let api: TestApi
  let ada: Session
  let bob: Session
  before(async () => {
    api = await startTestApi()
    ada = await api.register('ada@outside.example')
    bob = await api.register('bob@outside.example')
  })
  after(() => api.close())

  const codeOf = async (response: Promise<{ json(): { error?: { code: string } } }>) => (await response).json().error?.code ?? 'done'
  const watch = (who: Session, body: object) => api.call('POST', 'wallets/outside', body, who.accessToken)
  const list = async (who: Session) => (await api.call('GET', 'wallets/outside', undefined, who.accessToken)).json().data as OutsideWallet[]
  async function challenge(who: Session, network: string, address: string) {
    const response = await api.call('POST', 'wallets/outside/challenge', { network, address }, who.accessToken)
    return { ...response.json().data, cookie: String(response.headers['set-cookie']).split(';')[0]! } as {
      nonce: string
      message: string
      cookie: string
    }
  }
  async function prove(who: Session, network: string, address: string, signer: (message: string) => string, change: object = {}) {
    const { nonce, message, cookie } = await challenge(who, network, address)
    const body = { network, address, nonce, signature: signer(message), ...change }
    return api.call('POST', 'wallets/outside/prove', body, who.accessToken, { cookie })
  }

  it('are proven by a Solana wallet, in base58 as in base64', async () => {
    for (const encode of [(bytes: Buffer) => base58.encode(bytes), (bytes: Buffer) => bytes.toString('base64')]) {
      const wallet = newSolana()
      const proven = await prove(ada, 'solana', wallet.address, (message) => encode(wallet.sign(message)), { label: 'Phantom' })
      expect(proven.statusCode, proven.body).to.equal(200)
      const own = (proven.json().data as OutsideWallet[]).find(({ address }) => address === wallet.address)!
      expect(own).to.include({ network: 'solana', label: 'Phantom', provenAt: api.clock.now.toISOString() })
      expect(Value.Check(OutsideWallet, own)).to.equal(true)
    }
  })

  for (const kind of ['p2wpkh', 'p2tr', 'p2sh', 'p2pkh'] as const)
    it(`are proven by a Bitcoin wallet: ${kind}`, async () => {
      const address = BITCOIN[kind]
      const signer = (message: string) => String(bip322.Signer.sign(BITCOIN_KEY, address, message))
      const proven = await prove(ada, 'bitcoin', address, signer)
      expect(proven.statusCode, proven.body).to.equal(200)
      expect(await codeOf(prove(bob, 'bitcoin', address, signer))).to.equal('WALLET_IN_USE')
    })

  it('agree with the test vectors of BIP-322', () => {
    const vectors = [
      [
        '',
        'AkcwRAIgM2gBAQqvZX15ZiysmKmQpDrG83avLIT492QBzLnQIxYCIBaTpOaD20qRlEylyxFSeEA2ba9YOixpX8z46TSDtS40ASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=',
      ],
      [
        'Hello World',
        'AkcwRAIgZRfIY3p7/DoVTty6YZbWS71bc5Vct9p9Fia83eRmw2QCICK/ENGfwLtptFluMGs2KsqoNSk89pO7F29zJLUx9a/sASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=',
      ],
    ] as const
    for (const [message, signature] of vectors) {
      expect(isSignedByOutside('bitcoin', BITCOIN.p2wpkh, message, signature)).to.equal(true)
      expect(isSignedByOutside('bitcoin', BITCOIN.p2wpkh, `${message}!`, signature)).to.equal(false)
      expect(isSignedByOutside('bitcoin', BITCOIN.p2tr, message, signature)).to.equal(false)
    }
  })

  it('agree with the first test vector of RFC 8032, and take no key that signs everything', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    const key = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
      format: 'der',
      type: 'pkcs8',
    })
    const address = base58.encode(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
    expect(address).to.equal(base58.encode(Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex')))
    const signature = Buffer.from(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      'hex',
    )
    expect(isSignedByOutside('solana', address, '', base58.encode(signature))).to.equal(true)
    expect(isSignedByOutside('solana', address, ' ', base58.encode(signature))).to.equal(false)
    const identity = Buffer.alloc(32)
    identity[0] = 1
    const everything = Buffer.concat([identity, Buffer.alloc(32)])
    expect(isSignedByOutside('solana', base58.encode(identity), 'anything', base58.encode(everything))).to.equal(false)
  })

  it('are refused with another key’s signature, for another text, another address, a used challenge, or from another browser', async () => {
    const [wallet, thief] = [newSolana(), newSolana()]
    const signed = (one: typeof wallet) => (message: string) => base58.encode(one.sign(message))
    expect(await codeOf(prove(ada, 'solana', wallet.address, signed(thief)))).to.equal('SIGNATURE_WRONG')
    expect(await codeOf(prove(ada, 'solana', wallet.address, (message) => signed(wallet)(`${message}.`)))).to.equal('SIGNATURE_WRONG')
    expect(await codeOf(prove(ada, 'solana', wallet.address, signed(wallet), { address: thief.address }))).to.equal('SIGNATURE_WRONG')
    for (const signature of ['', 'hello', '0x12', '!!']) {
      expect(await codeOf(prove(ada, 'solana', wallet.address, () => signature)), signature).to.equal('SIGNATURE_WRONG')
      expect(await codeOf(prove(ada, 'bitcoin', BITCOIN.p2tr, () => signature)), signature).to.equal('SIGNATURE_WRONG')
    }
    const { nonce, message, cookie } = await challenge(ada, 'solana', wallet.address)
    const body = { network: 'solana', address: wallet.address, nonce, signature: signed(wallet)(message) }
    const send = (headers: Record<string, string>) => codeOf(api.call('POST', 'wallets/outside/prove', body, ada.accessToken, headers))
    expect(await send({})).to.equal('SIWE_NONCE_UNKNOWN')
    expect(await send({ cookie })).to.equal('done')
    expect(await send({ cookie })).to.equal('SIWE_NONCE_UNKNOWN')
    expect(await send({ cookie, origin: 'https://evil.example' })).to.equal('CSRF')
  })

  for (const [network, address] of [
    ['evm', '0x1234'],
    ['evm', EVM.replace('0xf39F', '0xF39F')],
    ['solana', 'So1'],
    ['solana', `${'1'.repeat(31)}0`],
    ['solana', EVM],
    ['bitcoin', 'bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0m'],
    ['bitcoin', 'tb1q9vza2e8x573nczrlzms0wvx3gsqjx7vaxwd45v'],
    ['bitcoin', 'mz8Wq3gJ6sFAGGJQ2xjC4TT2wkmfRZ2fTz'],
  ] as const)
    it(`are refused where they are none: ${network} ${address}`, async () => {
      expect(await codeOf(watch(ada, { network, address }))).to.equal('ADDRESS_INVALID')
    })

  it('are kept in one spelling', () => {
    expect(readOutsideAddress('evm', ` ${EVM} `)).to.equal(EVM.toLowerCase())
    expect(readOutsideAddress('bitcoin', BITCOIN.p2wpkh.toUpperCase())).to.equal(BITCOIN.p2wpkh)
  })

  it('are watched by whoever wants, show what they hold, and go when their owner says so', async () => {
    const mirror = testMirror(api.db.admin)
    await mirror.project(1)
    await mirror.mint(1, EVM.toLowerCase(), 7)
    for (const who of [ada, bob]) expect(await codeOf(watch(who, { network: 'evm', address: EVM, label: 'Cold' }))).to.equal('done')
    await watch(bob, { network: 'evm', address: EVM })
    const [watched] = await list(bob)
    expect(watched).to.include({ address: EVM.toLowerCase(), label: 'Cold', provenAt: null })
    expect(watched!.positions.map(({ projectId, units }) => [projectId, units])).to.deep.equal([[1, '7']])
    expect(Value.Check(OutsideWallet, watched)).to.equal(true)
    const remove = (who: Session) => codeOf(api.call('DELETE', `wallets/outside/${watched!.id}`, undefined, who.accessToken))
    expect(await remove(ada)).to.equal('NOT_FOUND')
    expect(await remove(bob)).to.equal('done')
    expect(await list(bob)).to.deep.equal([])
  })

  it('are proven after they were watched, and stay proven when they are watched again', async () => {
    const wallet = newSolana()
    await watch(bob, { network: 'solana', address: wallet.address })
    await prove(bob, 'solana', wallet.address, (message) => base58.encode(wallet.sign(message)))
    await watch(bob, { network: 'solana', address: wallet.address, label: 'Again' })
    expect(await list(bob)).to.have.length(1)
    expect((await list(bob))[0]).to.deep.include({ label: 'Again', provenAt: api.clock.now.toISOString() })
  })

  it('are twenty at most', async () => {
    const { accessToken, ...rest } = await api.register('many@outside.example')
    const who = { accessToken, ...rest }
    const address = (number: number) => `0x${number.toString(16).padStart(40, '0')}`
    for (let number = 1; number <= 20; number++)
      expect(await codeOf(watch(who, { network: 'evm', address: address(number) }))).to.equal('done')
    expect(await codeOf(watch(who, { network: 'evm', address: address(21) }))).to.equal('LIMIT_WALLETS')
    expect(await codeOf(watch(who, { network: 'evm', address: address(20), label: 'Same' }))).to.equal('done')
  })
})
