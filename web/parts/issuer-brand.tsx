import type { ProjectDetail } from '../../common/wire.ts'

/** What the issuer says of itself, in its colour; nothing where it says nothing. */
export function IssuerBrand({ brand: { tagline, accent, supportEmail } }: Pick<ProjectDetail, 'brand'>) {
  if (tagline === null && supportEmail === null) return null
  return (
    <p className="mt-3 border-l-4 border-l-line pl-3" style={accent === null ? {} : { borderLeftColor: accent }}>
      {tagline}
      {supportEmail !== null && (
        <a className="link block text-sm break-all" href={`mailto:${supportEmail}`}>
          {supportEmail}
        </a>
      )}
    </p>
  )
}
