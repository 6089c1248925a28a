import type { SeedIssuer } from './types.ts'

/** The three issuers of the local world. Names and addresses are invented; `.example` belongs to nobody. */
export const ISSUERS: SeedIssuer[] = [
  {
    key: 'rift-valley',
    name: 'Rift Valley Clean Power',
    country: 'KE',
    website: 'https://riftvalley.example',
    email: 'wanjiru@riftvalley.example',
    person: 'Wanjiru Kamau',
  },
  {
    key: 'cordillera',
    name: 'Cordillera Renovables',
    country: 'CL',
    website: 'https://cordillera.example',
    email: 'joaquin@cordillera.example',
    person: 'Joaquín Sepúlveda',
  },
  {
    key: 'meridian',
    name: 'Meridian Community Energy',
    country: 'PT',
    website: 'https://meridian.example',
    email: 'ines@meridian.example',
    person: 'Inês Carvalho',
  },
]
