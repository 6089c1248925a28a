import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import { parseCid } from '../../common/node/ipfs.ts'
import type { Routes } from '../http/deps.ts'
import { closed } from '../http/validation.ts'
import { sniffMediaType } from './file-type.ts'

/** Serves what is pinned, and only what the platform itself listed: documents, metadata, distribution reports. */
export const contentRoutes: Routes = async (app, { pool, ipfs }) => {
  app.get(
    '/ipfs/:cid',
    { schema: { tags: ['Content'], params: closed({ cid: Type.String({ maxLength: 128 }) }) } },
    async (request, reply) => {
      const cid = parseCid(request.params.cid).toString()
      const known = await findContent(pool, cid)
      if (!known) throw new AppError('CID_NOT_FOUND', `Nothing of this platform is stored under ${cid}`)
      const etag = `"${cid}"`
      reply.header('etag', etag).header('cache-control', 'public, max-age=31536000, immutable')
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      const content = Buffer.from(await ipfs.read(cid))
      return sendSafely(reply, content, known.mediaType ?? sniffMediaType(content), known.fileName)
    },
  )

  // ERC-1155: clients put the id as 64 lower-case hexadecimal digits where the contract's URI says {id}.
  app.get(
    '/metadata/:hex',
    { schema: { tags: ['Content'], params: closed({ hex: Type.String({ pattern: '^[0-9a-f]{64}(\\.json)?$' }) }) } },
    async (request, reply) => {
      const id = BigInt(`0x${request.params.hex.slice(0, 64)}`)
      const cid = id <= 16_777_215n ? await findMetadataCid(pool, Number(id)) : undefined
      if (cid === undefined) throw new AppError('PROJECT_NOT_FOUND', `There is no project ${id}`)
      const content = Buffer.from(await ipfs.read(cid))
      return reply
        .header('etag', `"${cid}"`)
        .header('access-control-allow-origin', '*')
        .header('cache-control', 'public, max-age=300')
        .type('application/json; charset=utf-8')
        .send(content)
    },
  )
}

/** Bytes that others uploaded never become a page of this origin: saved, not shown; not guessed at; not run. */
function sendSafely(reply: FastifyReply, content: Buffer, mediaType: string, fileName: string) {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\]/g, '_')
  return reply
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cross-origin-resource-policy', 'cross-origin')
    .header('content-disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(fileName)}`)
    .type(mediaType)
    .send(content)
}

async function findContent(db: Db, cid: string): Promise<{ mediaType: string | null; fileName: string } | undefined> {
  const { rows } = await db.query<{ mediaType: string | null; fileName: string }>(
    `select media_type as "mediaType", file_name as "fileName" from app.document where cid = $1
     union all
     select 'application/json', 'project-' || project_id || '.json' from app.project where metadata_cid = $1
     union all
     select 'application/json', 'project-' || project_id || '.json' from chain.metadata
     where uri = 'ipfs://' || $1 and coalesce(app.is_offered_to_viewer(project_id), true)
     union all
     select null, 'report-' || project_id || '-' || epoch from chain.distribution
     where report_uri = 'ipfs://' || $1 and coalesce(app.is_offered_to_viewer(project_id), true)
     limit 1`,
    [cid],
  )
  return rows[0]
}

async function findMetadataCid(db: Db, projectId: number): Promise<string | undefined> {
  const { rows } = await db.query<{ cid: string | null }>('select metadata_cid as cid from app.project where project_id = $1', [projectId])
  return rows[0]?.cid ?? undefined
}
