/** What a link in a mail is for: the page that uses it and the seconds it is good for after it was sent. */
export const MAILED_LINKS = {
  verify_email: { path: '/verify-email', seconds: 24 * 3_600 },
  reset_password: { path: '/reset-password', seconds: 30 * 60 },
} as const
/** The link of an invitation to act for an issuer. */
export const INVITATION_LINK = { path: '/invitation', seconds: 7 * 24 * 3_600 } as const
export type LinkPurpose = keyof typeof MAILED_LINKS
