import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { PublicConfig, Time } from '../../common/wire.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { listVendorsAway } from './vendors.ts'

/** Blocks that the mirror may be behind the chain before the api says it is not ready. */
const MAX_LAG_BLOCKS = 100
/** How long a health question waits for a node. */
const NODE_MS = 2_000

const Ready = Type.Object({
  status: Type.Literal('ready'),
  mirroredBlock: Type.Union([Type.Integer(), Type.Null()]),
  /** Null while no node answers: reading goes on from the mirror. */
  headBlock: Type.Union([Type.Integer(), Type.Null()]),
  /** Vendors that failed too often: not asked before `openUntil`, then tried again. The platform serves all the same. */
  vendorsAway: Type.Array(
    Type.Object({
      process: Type.Union([Type.Literal('api'), Type.Literal('worker')]),
      vendor: Type.String(),
      state: Type.Union([Type.Literal('open'), Type.Literal('probing')]),
      openUntil: Time,
    }),
  ),
})

/** For whoever runs the platform: does the process live, can it serve. */
export const healthRoutes: Routes = async (app, deps) => {
  app.get('/health', { schema: { tags: ['Operation'], response: { 200: Type.Object({ status: Type.Literal('ok') }) } } }, async () => ({
    status: 'ok' as const,
  }))
  app.get('/ready', { schema: { tags: ['Operation'], response: responses(Ready) } }, async (request) =>
    answer(request, await checkReady(deps)),
  )
}

/** What the web app must know about where it runs. */
export const configRoutes: Routes = async (app, { deployment, settings }) => {
  app.get('/config', { schema: { tags: ['Operation'], response: responses(PublicConfig) } }, async (request) =>
    answer(request, {
      chainId: deployment.chainId,
      chainName: deployment.chainName,
      rpcUrl: settings.publicRpcUrl,
      explorerUrl: deployment.explorerUrl,
      contracts: {
        ownership: deployment.ownership,
        vault: deployment.vault,
        registrar: deployment.registrar,
        payoutToken: deployment.payoutToken,
      },
      payoutTokenSymbol: deployment.payoutTokenSymbol,
      payoutTokenDecimals: deployment.payoutTokenDecimals,
      siweDomain: settings.publicUrl.host,
      wireCurrencies: Object.keys(settings.wirePayTo),
    }),
  )
}

async function checkReady({ pool, chain, clock }: Deps) {
  const head = Promise.race([chain.client.getBlockNumber({ cacheTime: 0 }).then(Number, () => null), sleep(NODE_MS, null, { ref: false })])
  const { rows } = await pool.query<{ block: string }>('select block_number as block from chain.checkpoint').catch((cause) => {
    throw new AppError('NOT_READY', 'The database does not answer', { cause })
  })
  const mirroredBlock = rows[0] ? Number(rows[0].block) : null
  const headBlock = await head
  if (headBlock !== null && headBlock - (mirroredBlock ?? 0) > MAX_LAG_BLOCKS) {
    throw new AppError('NOT_READY', `The mirror is ${headBlock - (mirroredBlock ?? 0)} blocks behind the chain`, {
      details: { mirroredBlock, headBlock },
    })
  }
  return { status: 'ready' as const, mirroredBlock, headBlock, vendorsAway: await listVendorsAway(pool, clock()) }
}
