import { useQuery } from '@tanstack/react-query'
import type { Document } from '../../common/wire.ts'
import { useApi } from '../app.tsx'
import { documentsQuery } from '../queries.ts'
import { fileSize } from '../view/format.ts'
import { DOCUMENT_KIND } from '../view/words.ts'
import { Copyable } from './copyable.tsx'
import { Moment } from './moment.tsx'
import { QueryPart } from './query-part.tsx'
import { Section } from './section.tsx'
import { VerifyFile } from './verify-file.tsx'

/** The project's files with their CIDs, each verifiable here and now. */
export function ProjectDocuments({ projectId }: { projectId: number }) {
  const documents = useQuery(documentsQuery(useApi(), projectId))
  return (
    <Section title="Documents">
      <QueryPart
        query={documents}
        what="documents"
        isEmpty={(list) => list.length === 0}
        empty={<p>The issuer has attached no documents yet. Ask for them before you invest.</p>}
      >
        {(list) => (
          <ul className="card divide-y divide-line">
            {list.map((document) => (
              <li key={document.id} className="p-5">
                <Row document={document} />
              </li>
            ))}
          </ul>
        )}
      </QueryPart>
    </Section>
  )
}

function Row({ document }: { document: Document }) {
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="text-base!">
          <a className="link" href={`/ipfs/${document.cid}`} target="_blank" rel="noreferrer">
            {document.title}
            <span className="sr-only"> (opens in a new tab)</span>
          </a>
        </h3>
        <p className="text-sm text-soft">
          {DOCUMENT_KIND[document.kind] ?? document.kind} · {fileSize(document.bytes)} · <Moment at={document.createdAt} dayOnly />
        </p>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm">
        <p>
          CID <Copyable value={document.cid} what={`CID of ${document.title}`} />
        </p>
        <VerifyFile url={`/ipfs/${document.cid}`} sha256={document.sha256} what={document.title} />
      </div>
    </div>
  )
}
