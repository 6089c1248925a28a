import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Value } from 'typebox/value'
import { sha256 } from '../../common/node/ipfs.ts'
import { Document, ProjectDetail, ProjectUpdate } from '../../common/wire.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { testMirror } from '../testing-mirror.ts'
import { DRAFT } from './testing.ts'

const PDF = Buffer.from('%PDF-1.7\nA prospectus')

interface File {
  name?: string
  fileName?: string
  type?: string
  content: Buffer
}

describe('an issuer', () => {
  let api: TestApi
  let issuer: Awaited<ReturnType<TestApi['registerIssuer']>>
  let other: Awaited<ReturnType<TestApi['registerIssuer']>>
  before(async () => {
    api = await startTestApi()
    issuer = await api.registerIssuer('Helios')
    other = await api.registerIssuer('Boreas')
  })
  after(() => api.close())

  const create = async (change: object = {}) =>
    (await api.call('POST', 'projects', { ...DRAFT, ...change }, issuer.accessToken)).json().data.projectId as number
  const submit = (id: number, token = issuer.accessToken) => api.call('POST', `projects/${id}/submit`, undefined, token)
  const upload = (id: number, fields: Record<string, string>, files: File[], token = issuer.accessToken) => {
    const parts = [
      ...Object.entries(fields).map(([name, value]) =>
        Buffer.from(`--B\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
      ),
      ...files.flatMap(({ name = 'file', fileName = 'prospectus.pdf', type = 'application/pdf', content }) => [
        Buffer.from(`--B\r\ncontent-disposition: form-data; name="${name}"; filename="${fileName}"\r\ncontent-type: ${type}\r\n\r\n`),
        content,
        Buffer.from('\r\n'),
      ]),
    ]
    return api.call('POST', `projects/${id}/documents`, Buffer.concat([...parts, Buffer.from('--B--\r\n')]), token, {
      'content-type': 'multipart/form-data; boundary=B',
    })
  }
  const codeOf = async (response: ReturnType<TestApi['call']>) => (await response).json().error?.code

  it('prices an offering in the currency of its exemption’s limits, and names when it closes', async () => {
    const closesAt = '2027-03-01T00:00:00Z'
    const id = await create({ exemption: 'ecsp', closesAt, raisedElsewhereCents: '100' })
    const refused = (await submit(id)).json().error
    expect(refused).to.deep.include({ code: 'EXEMPTION_CURRENCY', details: { currency: 'EUR' } })
    await api.call('PUT', `projects/${id}`, { currency: 'EUR' }, issuer.accessToken)
    expect((await submit(id)).json().data).to.include({ currency: 'EUR', closesAt: new Date(closesAt).toISOString() })
    expect((await api.call('POST', 'projects', { ...DRAFT, closesAt: 'tomorrow' }, issuer.accessToken)).json().error.code).to.equal(
      'VALIDATION',
    )
  })

  it('writes a draft and changes it', async () => {
    const created = await api.call('POST', 'projects', DRAFT, issuer.accessToken)
    expect(created.statusCode).to.equal(201)
    const project = created.json().data
    expect(Value.Check(ProjectDetail, project), JSON.stringify([...Value.Errors(ProjectDetail, project)])).to.equal(true)
    expect(project).to.include({
      state: 'draft',
      issuer: 'Helios',
      currency: 'USD',
      minInvestmentCents: '1000',
      targetCents: '1000000',
      onChain: null,
      metadataCid: null,
    })
    expect(project.slug).to.match(/^atacama-solar-one-[0-9a-f]{12}$/)
    const changed = await api.call('PUT', `projects/${project.projectId}`, { name: 'Atacama Two', lockDays: 365 }, issuer.accessToken)
    expect(changed.json().data).to.include({ name: 'Atacama Two', lockDays: 365, city: 'Calama' })
    expect((await api.call('PUT', `projects/${project.projectId}`, {}, issuer.accessToken)).statusCode).to.equal(200)
  })

  for (const [what, change, code] of [
    ['a price of zero', { unitPriceCents: '0' }, 'VALIDATION'],
    ['a price with decimals', { unitPriceCents: '10.5' }, 'VALIDATION'],
    ['a price as a number', { unitPriceCents: 1000 }, 'VALIDATION'],
    ['a price of 78 digits', { unitPriceCents: '9'.repeat(78) }, 'VALIDATION'],
    ['more units than the chain can count', { unitsOffered: '99999999999999999' }, 'VALIDATION'],
    ['a latitude off the globe', { latitude: 91 }, 'VALIDATION'],
    ['an unknown technology', { technology: 'coal' }, 'VALIDATION'],
    ['a minimum below ten dollars', { minInvestmentCents: '999' }, 'VALIDATION'],
    ['a return above 100 %', { expectedReturnBps: 10_001 }, 'VALIDATION'],
    ['no name', { name: undefined }, 'VALIDATION'],
    ['an id of its own choice', { projectId: 7 }, 'UNKNOWN_FIELD'],
    ['another issuer', { issuerId: crypto.randomUUID() }, 'UNKNOWN_FIELD'],
    ['a state of its own choice', { state: 'active' }, 'UNKNOWN_FIELD'],
  ] as const) {
    it(`is refused ${what} with ${code}`, async () => {
      expect(await codeOf(api.call('POST', 'projects', { ...DRAFT, ...change }, issuer.accessToken))).to.equal(code)
    })
  }

  it('may do so only as an issuer', async () => {
    const { accessToken } = await api.register('just-investor@example.com')
    expect(await codeOf(api.call('POST', 'projects', DRAFT, accessToken))).to.equal('FORBIDDEN')
    expect(await codeOf(api.call('POST', 'projects', DRAFT))).to.equal('UNAUTHENTICATED')
    const lone = await api.register('issuer-of-nothing@example.com')
    await api.db.admin.query(`update app.account set role = 'issuer' where id = $1`, [lone.user.id])
    expect(await codeOf(api.call('POST', 'projects', DRAFT, lone.accessToken))).to.equal('FORBIDDEN')
  })

  it('submits: facts and documents are pinned as ERC-1155 metadata whose CID and digest are right, and stay fixed', async () => {
    const id = await create()
    const document = (await upload(id, { kind: 'prospectus', title: 'Prospectus' }, [{ content: PDF }])).json().data
    const submitted = (await submit(id)).json().data
    expect(submitted.state).to.equal('submitted')
    const bytes = await api.deps.ipfs.read(submitted.metadataCid)
    const metadata = JSON.parse(new TextDecoder().decode(bytes))
    expect(metadata).to.include({ name: DRAFT.name, description: DRAFT.description, decimals: 0 })
    expect(metadata.properties).to.include({
      projectId: id,
      issuer: 'Helios',
      technology: 'solar',
      unitPriceCents: '1000',
      unitsOffered: '1000',
    })
    expect(metadata.documents).to.deep.equal([
      {
        kind: 'prospectus',
        title: 'Prospectus',
        fileName: 'prospectus.pdf',
        mediaType: 'application/pdf',
        bytes: String(PDF.length),
        cid: document.cid,
        sha256: sha256(PDF),
      },
    ])
    const { rows } = await api.db.admin.query('select metadata_sha256 as hash, submitted_at as at from app.project where project_id = $1', [
      id,
    ])
    expect(rows[0].hash).to.equal(sha256(bytes))
    api.clock.pass(60_000)
    expect((await submit(id)).json().data.metadataCid).to.equal(submitted.metadataCid)
    expect((await api.db.admin.query('select submitted_at as at from app.project where project_id = $1', [id])).rows[0].at).to.deep.equal(
      rows[0].at,
    )
    expect(await codeOf(api.call('PUT', `projects/${id}`, { unitPriceCents: '1' }, issuer.accessToken))).to.equal('ALREADY_SUBMITTED')
  })

  it('submits an offering under Regulation Crowdfunding only with a year without resale', async () => {
    const id = await create()
    await api.call('PUT', `projects/${id}`, { exemption: 'reg_cf', lockDays: 365 }, issuer.accessToken)
    const refused = (await submit(id)).json().error
    expect(refused).to.deep.include({ code: 'LOCK_TOO_SHORT', details: { lockDays: 366 } })
    await api.call('PUT', `projects/${id}`, { lockDays: 366 }, issuer.accessToken)
    expect((await submit(id)).json().data).to.include({ state: 'submitted', exemption: 'reg_cf', lockDays: 366 })
    expect(await codeOf(api.call('PUT', `projects/${await create()}`, { exemption: 'reg_x' }, issuer.accessToken))).to.equal('VALIDATION')
  })

  it('submits once when asked ten times at once', async () => {
    const id = await create()
    const all = await Promise.all(Array.from({ length: 10 }, () => submit(id)))
    expect(new Set(all.map((response) => response.json().data.metadataCid)).size).to.equal(1)
  })

  it('serves metadata under the ERC-1155 id, and pinned content under its CID, safely', async () => {
    const id = await create()
    const content = Buffer.from('%PDF-1.7\nnot published before')
    const { cid } = (await upload(id, { kind: 'legal', title: 'Grüße' }, [{ content, fileName: 'Grüße.pdf' }])).json().data
    const hex = id.toString(16).padStart(64, '0')
    expect((await api.call('GET', `/metadata/${hex}`)).json().error.code).to.equal('PROJECT_NOT_FOUND')
    expect((await api.call('GET', `/ipfs/${cid}`)).json().error.code).to.equal('CID_NOT_FOUND')
    const { metadataCid } = (await submit(id)).json().data
    for (const url of [`/metadata/${hex}`, `/metadata/${hex}.json`])
      expect((await api.call('GET', url)).json()).to.include({ name: DRAFT.name })
    const served = await api.call('GET', `/ipfs/${cid}`)
    expect(served.rawPayload.equals(content)).to.equal(true)
    expect(served.headers).to.include({
      'content-type': 'application/pdf',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
      etag: `"${cid}"`,
    })
    expect(served.headers['content-disposition']).to.match(/^attachment; filename="Gr__e\.pdf"; filename\*=UTF-8''Gr%C3%BC%C3%9Fe/)
    expect(served.headers['content-security-policy']).to.include('sandbox')
    expect((await api.call('GET', `/ipfs/${cid}`, undefined, undefined, { 'if-none-match': `"${cid}"` })).statusCode).to.equal(304)
    expect((await api.call('GET', `/ipfs/${metadataCid}`)).json()).to.include({ name: DRAFT.name })
  })

  it('serves nothing else: neither foreign content, nor what is no CID, nor ids that no project has', async () => {
    const { cid } = await api.deps.ipfs.pin(Buffer.from('pinned by somebody else'))
    expect((await api.call('GET', `/ipfs/${cid}`)).json().error.code).to.equal('CID_NOT_FOUND')
    expect((await api.call('GET', '/ipfs/not-a-cid')).json().error.code).to.equal('CID_INVALID')
    expect((await api.call('GET', '/ipfs/..%2f..%2fetc%2fpasswd')).json().error.code).to.equal('CID_INVALID')
    expect((await api.call('GET', `/metadata/${'f'.repeat(64)}`)).json().error.code).to.equal('PROJECT_NOT_FOUND')
    expect((await api.call('GET', '/metadata/1')).json().error.code).to.equal('VALIDATION')
  })

  it('uploads documents once each and lists them', async () => {
    const id = await create()
    const first = await upload(id, { kind: 'technical', title: 'Yield report' }, [{ content: PDF, fileName: '../../yield.pdf' }])
    expect(first.statusCode).to.equal(201)
    expect(Value.Check(Document, first.json().data)).to.equal(true)
    expect(first.json().data).to.include({
      fileName: 'yield.pdf',
      mediaType: 'application/pdf',
      bytes: String(PDF.length),
      sha256: sha256(PDF),
    })
    expect((await upload(id, {}, [{ content: PDF }])).json().data.id).to.equal(first.json().data.id)
    api.clock.pass(1)
    await upload(id, {}, [{ content: Buffer.from('a,b\n1,2\n'), fileName: 'meter.csv', type: 'text/csv' }])
    const list = (await api.call('GET', `projects/${id}/documents`, undefined, issuer.accessToken)).json().data
    expect(list.map((document: Document) => [document.kind, document.title])).to.deep.equal([
      ['technical', 'Yield report'],
      ['other', 'meter.csv'],
    ])
  })

  for (const [what, fields, files, code] of [
    ['an empty file', {}, [{ content: Buffer.alloc(0) }], 'FILE_INCOMPLETE'],
    ['a program named PDF', {}, [{ content: Buffer.from('MZ\x90') }], 'FILE_TYPE'],
    ['a PDF named PNG', {}, [{ content: PDF, fileName: 'a.png', type: 'image/png' }], 'FILE_TYPE'],
    ['a file above 20 MB', {}, [{ content: Buffer.alloc(20_000_001, '%PDF-') }], 'BODY_TOO_LARGE'],
    ['two files', {}, [{ content: PDF }, { content: PDF }], 'VALIDATION'],
    ['no file', { kind: 'legal' }, [], 'VALIDATION'],
    ['an unknown kind', { kind: 'joke' }, [{ content: PDF }], 'VALIDATION'],
    ['an unknown field', { cid: 'bafy' }, [{ content: PDF }], 'UNKNOWN_FIELD'],
    ['a file in another field', {}, [{ content: PDF, name: 'upload' }], 'UNKNOWN_FIELD'],
    ['a title of spaces', { title: '  ' }, [{ content: PDF }], 'VALIDATION'],
  ] as const) {
    it(`is refused ${what} with ${code}, and nothing is listed`, async () => {
      const id = await create()
      expect(await codeOf(upload(id, fields, files as never))).to.equal(code)
      expect((await api.call('GET', `projects/${id}/documents`, undefined, issuer.accessToken)).json().data).to.deep.equal([])
    })
  }

  it('is refused an upload that is no form or breaks off', async () => {
    const id = await create()
    expect(await codeOf(api.call('POST', `projects/${id}/documents`, {}, issuer.accessToken))).to.equal('MEDIA_TYPE')
    const cut = Buffer.from(
      '--B\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\ncontent-type: application/pdf\r\n\r\n%PDF-1.7 and then',
    )
    const response = await api.call('POST', `projects/${id}/documents`, cut, issuer.accessToken, {
      'content-type': 'multipart/form-data; boundary=B',
    })
    expect(response.json().error.code).to.equal('FILE_INCOMPLETE')
    expect((await api.call('GET', `projects/${id}/documents`, undefined, issuer.accessToken)).json().data).to.deep.equal([])
  })

  it('posts news', async () => {
    const id = await create()
    const posted = await api.call(
      'POST',
      `projects/${id}/updates`,
      { kind: 'progress', title: 'First string', content: 'It runs.' },
      issuer.accessToken,
    )
    expect(posted.statusCode).to.equal(201)
    expect(Value.Check(ProjectUpdate, posted.json().data)).to.equal(true)
    await submit(id)
    await testMirror(api.db.admin).project(id)
    expect((await api.call('GET', `projects/${id}/updates`)).json().data).to.deep.equal([posted.json().data])
    expect(
      await codeOf(api.call('POST', `projects/${id}/updates`, { kind: 'gossip', title: 'x', content: 'y' }, issuer.accessToken)),
    ).to.equal('VALIDATION')
  })

  it('cannot touch another issuer’s project, submitted or not', async () => {
    const draft = await create({ name: 'Not yours' })
    const submitted = await create({ name: 'Not yours either' })
    await submit(submitted)
    for (const id of [draft, submitted]) {
      const token = other.accessToken
      const answers = [
        api.call('PUT', `projects/${id}`, { name: 'Mine now' }, token),
        api.call('POST', `projects/${id}/updates`, { kind: 'progress', title: 'x', content: 'y' }, token),
        upload(id, {}, [{ content: PDF }], token),
        submit(id, token),
      ]
      for (const response of answers) expect(await codeOf(response)).to.equal('PROJECT_NOT_FOUND')
    }
    const { rows } = await api.db.admin.query('select name from app.project where project_id = any($1)', [[draft, submitted]])
    expect(rows.map(({ name }) => name)).to.have.members(['Not yours', 'Not yours either'])
  })
})
