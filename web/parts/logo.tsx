/** The sun over two strata. */
export function Logo() {
  return (
    <svg viewBox="0 0 64 64" width="34" height="34" aria-hidden="true" className="shrink-0">
      <rect width="64" height="64" rx="14" fill="#123f33" />
      <circle cx="32" cy="27" r="11" fill="#eeb54a" />
      <circle cx="32" cy="27" r="16" fill="none" stroke="#eeb54a" strokeOpacity=".45" strokeWidth="1.5" />
      <path d="M0 40c10-7 20-7 32 0s22 6 32-1v11a14 14 0 0 1-14 14H14A14 14 0 0 1 0 50z" fill="#2f7a62" />
      <path d="M0 48c12-6 22-3 34 2s20 4 30-1v1a14 14 0 0 1-14 14H14A14 14 0 0 1 0 50z" fill="#f4efe4" />
    </svg>
  )
}
