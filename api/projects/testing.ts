/** A project as an issuer would post it. */
export const DRAFT = {
  name: 'Atacama Solar One',
  summary: 'A photovoltaic plant in the driest desert on Earth.',
  description: 'Two hundred megawatts of bifacial modules on trackers near the town of Calama.',
  technology: 'solar',
  buildStatus: 'operating',
  country: 'CL',
  city: 'Calama',
  latitude: -22.45,
  longitude: -68.93,
  capacityKw: '200000',
  annualMwh: '610000',
  unitPriceCents: '1000',
  unitsOffered: '1000',
  expectedReturnBps: 820,
  exitYears: 10,
  exitTargetPerUnit: '12000000',
}
