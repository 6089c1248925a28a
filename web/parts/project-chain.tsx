import { useQuery } from '@tanstack/react-query'
import type { ProjectDetail } from '../../common/wire.ts'
import { useApi } from '../app.tsx'
import { configQuery } from '../queries.ts'
import { tokens, whole } from '../view/format.ts'
import { Copyable } from './copyable.tsx'
import { Section } from './section.tsx'
import { VerifyFile } from './verify-file.tsx'

/** Where all of this can be checked without us, and what ends the project. */
export function ProjectChain({ project }: { project: ProjectDetail }) {
  const config = useQuery(configQuery(useApi())).data
  const { onChain } = project
  if (!onChain) {
    return (
      <Section title="On the chain">
        <p className="text-soft">This project isn’t on the chain yet. Nobody can invest before it is.</p>
      </Section>
    )
  }
  const explorer = (kind: 'tx' | 'address', value: string) => (config?.explorerUrl ? `${config.explorerUrl}/${kind}/${value}` : null)
  return (
    <>
      <Section title="How it ends">
        <p className="max-w-prose">
          Once each unit has earned {config ? tokens(onChain.exitTargetPerUnit, config.payoutTokenDecimals, config.payoutTokenSymbol) : '…'}
          , the exit may be announced. A notice runs, then every unit moves to the community DAO. The contract ends the project only when no
          unit is left outside. Returns you haven’t claimed stay yours.
        </p>
      </Section>
      <Section title="On the chain" aside={config ? `${config.chainName}, chain ${config.chainId}` : undefined}>
        <dl className="grid gap-x-8 sm:grid-cols-2">
          <Row term="Ledger contract">
            <Copyable value={onChain.contract} what="ledger contract" href={explorer('address', onChain.contract)} />
          </Row>
          <Row term="Number on the ledger">{whole(project.projectId)}</Row>
          <Row term="Payout token">
            <Copyable value={onChain.payoutToken} what="payout token" href={explorer('address', onChain.payoutToken)} />
          </Row>
          <Row term="Created in">
            <Copyable value={onChain.createdTx} what="creating transaction" href={explorer('tx', onChain.createdTx)} />
          </Row>
          {project.metadataCid && (
            <Row term="Metadata">
              <Copyable value={project.metadataCid} what="metadata CID" />
            </Row>
          )}
          <Row term="Fingerprint on chain">
            <Copyable value={onChain.metadataHash} what="metadata fingerprint" />
          </Row>
        </dl>
        {project.metadataCid && (
          <div className="mt-3 text-sm">
            <VerifyFile url={`/ipfs/${project.metadataCid}`} sha256={onChain.metadataHash} what="the metadata, against the chain" />
          </div>
        )}
      </Section>
    </>
  )
}

function Row({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 border-t border-line py-2.5">
      <dt className="text-soft">{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
