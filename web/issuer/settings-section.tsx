import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { IssuerSettings } from '../../common/wire-issuer.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Section } from '../parts/section.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { issuerQuery } from '../queries.ts'
import { type SettingsForm, settingsProblems, settingsSent } from '../view/issuer-words.ts'

/** How the issuer shows itself beside its projects. */
export function SettingsSection({ settings, manages }: { settings: IssuerSettings; manages: boolean }) {
  const api = useApi()
  const client = useQueryClient()
  const { version } = settings
  const [form, setForm] = useState<SettingsForm>({
    tagline: settings.tagline ?? '',
    accent: settings.accent ?? '',
    supportEmail: settings.supportEmail ?? '',
  })
  const [problems, setProblems] = useState<ReturnType<typeof settingsProblems>>({})
  const { busy, error, submit } = useSubmit(async () => {
    const found = settingsProblems(form)
    setProblems(found)
    if (Object.keys(found).length > 0) return
    try {
      await api.send('PUT', '/issuer/settings', { ...settingsSent(form), version })
    } finally {
      await client.invalidateQueries({ queryKey: issuerQuery(api).queryKey })
    }
  })
  const field = (name: keyof SettingsForm) => ({
    value: form[name],
    problem: problems[name] ?? null,
    readOnly: !manages,
    onChange: ({ target }: { target: { value: string } }) => setForm({ ...form, [name]: target.value }),
  })
  return (
    <Section title="Settings" aside={version > 1 && manages ? 'Saved' : null}>
      <form onSubmit={submit} className="flex max-w-md flex-col gap-4" noValidate>
        <TextField label="In one line" hint="Shown under your name beside each project." maxLength={160} {...field('tagline')} />
        <div className="flex items-end gap-3">
          <div className="grow">
            <TextField label="Colour" placeholder="#0a7f5a" autoComplete="off" {...field('accent')} />
          </div>
          <span
            aria-hidden="true"
            className="mb-1 size-9 shrink-0 rounded-full border border-line"
            style={{ background: settings.accent ?? 'transparent' }}
          />
        </div>
        <TextField label="E-mail for investors" type="email" autoComplete="off" maxLength={254} {...field('supportEmail')} />
        {manages && (
          <p>
            <button type="submit" className="btn btn-main" aria-disabled={busy}>
              {busy ? 'Saving…' : 'Save settings'}
            </button>
          </p>
        )}
        {error !== null && <ErrorNotice error={error} />}
      </form>
    </Section>
  )
}
