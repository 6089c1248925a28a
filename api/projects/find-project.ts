import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { ProjectDetail } from '../../common/wire.ts'
import { IS_LISTED } from './filters.ts'
import { cardColumns, FROM } from './queries.ts'

type Row = Omit<ProjectDetail, 'onChain' | 'createdAt' | 'closesAt'> & {
  closesAt: Date | null
  createdAt: Date
  createdTx: string | null
  createdBlock: string
  metadataHash: string
  metadataUri: string
  payoutToken: string
  exitTargetPerUnit: string
  asOfBlock: string | null
}

/** Everything about one project. @throws AppError PROJECT_NOT_FOUND when it is not there or not for this viewer */
export async function findProject(db: Db, deployment: Deployment, projectId: number, now: Date): Promise<ProjectDetail> {
  const { rows } = await db.query<Row>(
    `select ${cardColumns('$2')},
       p.issuer_id as "issuerId",
       (select json_build_object('tagline', s.tagline, 'accent', s.accent, 'supportEmail', s.support_email)
        from app.issuer_settings s where s.issuer_id = p.issuer_id) as brand,
       p.description,
       p.exemption,
       p.lock_days as "lockDays",
       p.closes_at as "closesAt",
       (select count(*)::int from chain.holding h where h.project_id = p.project_id) as holders,
       (select coalesce(sum(d.amount), 0)::text from chain.distribution d where d.project_id = p.project_id) as "distributedAmount",
       p.metadata_cid as "metadataCid",
       p.created_at as "createdAt",
       c.created_tx as "createdTx",
       c.created_block as "createdBlock",
       c.metadata_hash as "metadataHash",
       c.metadata_uri as "metadataUri",
       c.payout_token as "payoutToken",
       c.exit_target_per_unit as "exitTargetPerUnit",
       (select k.block_number from chain.checkpoint k) as "asOfBlock"
     ${FROM}
     where p.project_id = $1 and (${IS_LISTED} or p.issuer_id = app.current_issuer())`,
    [projectId, now],
  )
  const row = rows[0]
  if (!row) throw projectNotFound(projectId)
  const { createdAt, createdTx, createdBlock, metadataHash, metadataUri, payoutToken, exitTargetPerUnit, asOfBlock, ...rest } = row
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    closesAt: rest.closesAt?.toISOString() ?? null,
    onChain:
      createdTx === null
        ? null
        : {
            chainId: deployment.chainId,
            contract: deployment.ownership,
            createdTx,
            createdBlock,
            metadataHash,
            metadataUri,
            payoutToken,
            exitTargetPerUnit,
            asOfBlock: asOfBlock ?? '0',
          },
  }
}

export function projectNotFound(projectId: number): AppError {
  return new AppError('PROJECT_NOT_FOUND', `There is no project ${projectId}`)
}
