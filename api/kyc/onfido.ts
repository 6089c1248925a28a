import { type CheckBuilder, Configuration, type CountryCodes, DefaultApi, ReportName } from '@onfido/api'
import { AppError } from '../../common/errors.ts'

/** Longest that the identity provider may take to answer. */
const TIMEOUT_MS = 10_000
/** The version of the provider's API that the SDK speaks. */
const VERSION_PATH = '/v3.6'

/** Opens the provider's own SDK at `apiUrl`, e.g. https://api.eu.onfido.com; the version may be left out. */
export function openOnfido(apiUrl: string, apiToken: string): DefaultApi {
  const { origin, pathname } = new URL(apiUrl)
  const basePath = origin + (pathname === '/' ? VERSION_PATH : pathname.replace(/\/$/, ''))
  return new DefaultApi(new Configuration({ apiToken, basePath, baseOptions: { timeout: TIMEOUT_MS } }))
}

export interface Person {
  firstName: string
  lastName: string
  /** YYYY-MM-DD */
  birthDate: string
  countryAlpha3: string
  email: string | undefined
}

export interface StartedCheck {
  applicantRef: string
  checkRef: string
  formUrl: string
}

/**
 * Tells the provider about a person and orders a document and a face check; the person gives the pictures on the provider's own page.
 * @throws AppError KYC_UNAVAILABLE when the provider does not answer as it should
 */
export async function startCheck(onfido: DefaultApi, person: Person, redirectUrl: string): Promise<StartedCheck> {
  try {
    const applicant = await onfido.createApplicant({
      first_name: person.firstName,
      last_name: person.lastName,
      dob: person.birthDate,
      location: { country_of_residence: person.countryAlpha3 as CountryCodes },
      ...(person.email !== undefined && { email: person.email }),
    })
    const order: CheckBuilder = {
      applicant_id: applicant.data.id,
      applicant_provides_data: true,
      suppress_form_emails: true,
      report_names: [ReportName.Document, ReportName.FacialSimilarityPhoto],
      redirect_uri: redirectUrl,
    }
    const check = await onfido.createCheck(order)
    if (!check.data.id || !check.data.form_uri) throw new Error('the check has no form')
    return { applicantRef: applicant.data.id, checkRef: check.data.id, formUrl: check.data.form_uri }
  } catch (cause) {
    // The SDK's errors carry the request with the API token and the person's data: only the status goes on.
    const { response, code } = cause as { response?: { status?: number }; code?: string }
    throw new AppError('KYC_UNAVAILABLE', 'The identity check cannot be started right now. Nothing was stored; try again in a minute', {
      cause: new Error(`Onfido answered ${response?.status ?? code ?? (cause as Error).message}`),
    })
  }
}
