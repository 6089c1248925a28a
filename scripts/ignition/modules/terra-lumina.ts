import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import type { CallableContractFuture, ContractFuture, IgnitionModuleBuilder } from '@nomicfoundation/ignition-core'
import { PARTIES, type Party } from '../../../common/node/access.ts'
import { ARTIFACTS, type Artifact, contractIn, librariesOf } from '../../../common/node/artifacts.ts'
import { MIN_CLAWBACK_SECONDS, MIN_OPEN_SECONDS } from '../../../common/node/deploy-contracts.ts'
import { PARTS, type Parameters, type Part, RECIPES, setUpCalls } from '../../../common/node/system.ts'

const DAY = 86_400

/**
 * A whole system on a public chain; what is deployed and who gets what stands in common/node/system.ts and access.ts.
 * Parameters: see parameters.example.json beside this folder. The first account pays and keeps nothing.
 */
export default buildModule('TerraLumina', (m) => {
  const deployer = m.getAccount(0)
  const values: Parameters = {
    deployer,
    adminDelaySeconds: m.getParameter('adminDelaySeconds', 7 * DAY),
    minNoticeSeconds: m.getParameter('minNoticeSeconds', 30 * DAY),
    minClawbackSeconds: m.getParameter('minClawbackSeconds', MIN_CLAWBACK_SECONDS),
    minOpenSeconds: m.getParameter('minOpenSeconds', MIN_OPEN_SECONDS),
    daoDelaySeconds: m.getParameter('daoDelaySeconds', 2 * DAY),
    daoProposers: m.getParameter('daoProposers'),
    daoExecutors: m.getParameter('daoExecutors', ['0x0000000000000000000000000000000000000000']),
  }
  const parties = Object.fromEntries(PARTIES.map((party) => [party, m.getParameter(party)])) as Record<Party, unknown>
  const at = { payoutToken: m.contractAt('TestUsdc', m.getParameter<string>('payoutToken')) } as Record<
    Part,
    CallableContractFuture<string>
  >
  const libraries: Record<string, ContractFuture<string>> = {}
  for (const part of PARTS) {
    if (part === 'payoutToken') continue
    const { source, args } = RECIPES[part]
    at[part] = m.contract(contractIn(source), args(at, values, parties) as never, {
      id: part,
      libraries: linked(m, source, libraries),
    })
  }
  const calls = setUpCalls(at, parties, { deployer, delayOf: ({ delaySeconds }) => delaySeconds }).map(
    ({ to, functionName, args }, index) => {
      const data = m.encodeFunctionCall(at[to], functionName, args as never, { id: `set_up_${index}` })
      return to === 'accessManager' ? data : m.encodeFunctionCall(at.accessManager, 'execute', [at[to], data], { id: `execute_${index}` })
    },
  )
  m.call(at.accessManager, 'multicall', [calls], { id: 'set_up', after: Object.values(at) })
  return at
})

function linked(
  m: IgnitionModuleBuilder,
  source: string,
  known: Record<string, ContractFuture<string>>,
): Record<string, ContractFuture<string>> {
  const artifact = JSON.parse(readFileSync(join(ARTIFACTS, source, `${contractIn(source)}.json`), 'utf8')) as Artifact
  const needed = librariesOf(artifact)
  for (const library of needed) {
    const name = contractIn(library)
    known[name] ??= m.library(name, { libraries: linked(m, library, known) })
  }
  return Object.fromEntries(needed.map((library) => [contractIn(library), known[contractIn(library)]!]))
}
