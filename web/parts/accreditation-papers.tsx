import { useId, useState } from 'react'
import type { Accreditation, EvidenceKind } from '../../common/wire-accreditation.ts'
import { EVIDENCE } from '../view/accreditation-words.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Section } from './section.tsx'
import { useAccreditationStep } from './use-accreditation-step.ts'
import { useSubmit } from './use-submit.ts'

/** The evidence of a draft: what is there, what is missing, and sending it in. */
export function AccreditationPapers({ draft }: { draft: Accreditation }) {
  const step = useAccreditationStep()
  const { busy, error, submit } = useSubmit(() => step('/submit'))
  const kinds = [...new Set([...draft.missing, ...draft.files.map(({ kind }) => kind)])]
  return (
    <Section title="Evidence">
      <p className="max-w-prose text-soft">
        PDF, PNG or JPEG. Papers are kept encrypted; only the review desk opens them, and each look is recorded.
      </p>
      <ul className="mt-4 flex flex-col gap-4">
        {kinds.map((kind) => (
          <li key={kind} className="card p-5">
            <h3>{EVIDENCE[kind]}</h3>
            {draft.files
              .filter((file) => file.kind === kind)
              .map((file) => (
                <p key={file.id} className="mt-1 break-words">
                  <span className="text-pine">✓</span> {file.name}
                </p>
              ))}
            <UploadForm kind={kind} />
          </li>
        ))}
      </ul>
      {kinds.length === 0 && <p className="mt-2">What you stated is all that is needed.</p>}
      <form onSubmit={submit} className="mt-6">
        {error !== null && <ErrorNotice error={error} />}
        <button type="submit" className="btn btn-main" aria-disabled={busy}>
          {busy ? 'Sending…' : 'Send it in'}
        </button>
      </form>
    </Section>
  )
}

function UploadForm({ kind }: { kind: EvidenceKind }) {
  const id = useId()
  const step = useAccreditationStep()
  const [file, setFile] = useState<File | null>(null)
  const { busy, error, submit } = useSubmit(async () => {
    if (file === null) return
    const form = new FormData()
    form.set('kind', kind)
    form.set('file', file)
    await step('/files', form)
    setFile(null)
  })
  return (
    <form onSubmit={submit} className="mt-3 flex flex-wrap items-center gap-3">
      <label htmlFor={id} className="sr-only">
        {EVIDENCE[kind]}: file
      </label>
      <input
        id={id}
        key={String(file === null)}
        type="file"
        accept=".pdf,.png,.jpg,.jpeg"
        className="field min-w-0 flex-1"
        onChange={({ target }) => setFile(target.files?.[0] ?? null)}
      />
      <button type="submit" className="btn btn-line" aria-disabled={busy || file === null}>
        {busy ? 'Uploading…' : 'Upload'}
        <span className="sr-only">: {EVIDENCE[kind]}</span>
      </button>
      {error !== null && (
        <div className="basis-full">
          <ErrorNotice error={error} />
        </div>
      )}
    </form>
  )
}
