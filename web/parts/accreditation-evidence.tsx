import { useQuery } from '@tanstack/react-query'
import type { AccreditationFile } from '../../common/wire-accreditation.ts'
import { useApi } from '../app.tsx'
import { accreditationAtDeskQuery } from '../queries.ts'
import { claimLines, EVIDENCE } from '../view/accreditation-words.ts'
import { ErrorNotice } from './error-notice.tsx'
import { QueryPart } from './query-part.tsx'
import { saveFile } from './save-file.ts'
import { useSubmit } from './use-submit.ts'

/** What a claim to be accredited is decided on: the figures, and the papers to be saved and read. */
export function AccreditationEvidence({ accreditationId }: { accreditationId: string }) {
  const query = useQuery(accreditationAtDeskQuery(useApi(), accreditationId))
  return (
    <div className="mt-4">
      <QueryPart query={query} what="the claim" isEmpty={() => false} empty={null}>
        {({ claim, files }) => (
          <div className="card p-5">
            <dl className="grid grid-cols-1 gap-x-6 gap-y-2 sm:grid-cols-[12rem_1fr]">
              {claimLines(claim).map(({ name, value }) => (
                <div key={name} className="contents">
                  <dt className="text-soft">{name}</dt>
                  <dd className="mb-2 min-w-0 break-words sm:mb-0">{value}</dd>
                </div>
              ))}
            </dl>
            <ul className="mt-4 flex flex-col gap-3">
              {files.map((file) => (
                <li key={file.id}>
                  <Paper file={file} />
                </li>
              ))}
            </ul>
            {files.length === 0 && <p className="mt-2 text-soft">No papers: what was stated is the evidence.</p>}
          </div>
        )}
      </QueryPart>
    </div>
  )
}

function Paper({ file }: { file: AccreditationFile }) {
  const api = useApi()
  const { busy, error, submit } = useSubmit(async () => saveFile(await api.download(`/review/accreditation-files/${file.id}`), file.name))
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center justify-between gap-3">
      <span className="min-w-0 break-words">
        {EVIDENCE[file.kind]} <span className="text-sm text-soft">{file.name}</span>
      </span>
      <button type="submit" className="btn btn-line" aria-disabled={busy}>
        {busy ? 'Opening…' : 'Save'}
        <span className="sr-only">: {file.name}</span>
      </button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
