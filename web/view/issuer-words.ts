import type { MemberRole, Module } from '../../common/wire-issuer.ts'

/** What a member may do, in the order in which it grows. */
export const MEMBER_ROLES: readonly { id: MemberRole; name: string; text: string }[] = [
  { id: 'viewer', name: 'Viewer', text: 'Viewer: sees members, settings and terms' },
  { id: 'editor', name: 'Editor', text: 'Editor: lists projects and publishes news too' },
  { id: 'owner', name: 'Owner', text: 'Owner: invites, removes and changes settings too' },
]

export function roleName(role: MemberRole): string {
  return MEMBER_ROLES.find(({ id }) => id === role)!.name
}

export const MODULE_NAMES: Record<Module, string> = {
  listing: 'Listing projects',
  news: 'News for investors',
  private_offers: 'Private offerings (Rule 506(b))',
}

/** `2.5 %` of hundredths of a percent. */
export function feeWords(feeBps: number): string {
  const whole = Math.floor(feeBps / 100)
  const rest = String(feeBps % 100)
    .padStart(2, '0')
    .replace(/0+$/, '')
  return `${whole}${rest && `.${rest}`} %`
}

export interface SettingsForm {
  tagline: string
  accent: string
  supportEmail: string
}

/** What is wrong with a field of the settings, to be said beside it. */
export function settingsProblems({ tagline, accent, supportEmail }: SettingsForm): Partial<Record<keyof SettingsForm, string>> {
  return {
    ...(tagline.trim().length > 160 && { tagline: 'Use 160 characters at most' }),
    ...(accent !== '' && !/^#[0-9a-fA-F]{6}$/.test(accent.trim()) && { accent: 'Write a colour as # and six digits, like #0a7f5a' }),
    ...(supportEmail !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(supportEmail.trim()) && { supportEmail: 'This is no e-mail address' }),
  }
}

/** The settings as they are sent: empty is nothing said. */
export function settingsSent({ tagline, accent, supportEmail }: SettingsForm) {
  return {
    tagline: tagline.trim() || null,
    accent: accent.trim().toLowerCase() || null,
    supportEmail: supportEmail.trim() || null,
  }
}
