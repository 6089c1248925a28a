/** Small lists in the published formats, of people who don't exist. */

export interface SdnPerson {
  uid: number
  first?: string
  last: string
  type?: 'Individual' | 'Entity' | 'Vessel' | 'Aircraft'
  akas?: { first?: string; last: string; isWeak?: boolean }[]
  births?: string[]
  countries?: string[]
  wallets?: { ticker: string; address: string }[]
}

/** SDN.XML as OFAC publishes it. `date` is MM/DD/YYYY; `announced` is what it says of its own length. */
export function sdnXml(people: readonly SdnPerson[], { date = '11/20/2026', announced = people.length } = {}): string {
  return `<?xml version="1.0" standalone="yes"?>
<sdnList xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
  <publshInformation><Publish_Date>${date}</Publish_Date><Record_Count>${announced}</Record_Count></publshInformation>
${people.map(sdnEntry).join('\n')}
</sdnList>
`
}

function sdnEntry({ uid, first, last, type = 'Individual', akas = [], births = [], countries = [], wallets = [] }: SdnPerson): string {
  const name = (part: { first?: string; last: string }) =>
    `${part.first === undefined ? '' : `<firstName>${escapeXml(part.first)}</firstName>`}<lastName>${escapeXml(part.last)}</lastName>`
  const list = (outer: string, items: string[]) => (items.length === 0 ? '' : `<${outer}>${items.join('')}</${outer}>`)
  return `  <sdnEntry><uid>${uid}</uid>${name({ ...(first !== undefined && { first }), last })}<sdnType>${type}</sdnType><programList><program>SDGT</program></programList>
    ${list(
      'idList',
      wallets.map(
        ({ ticker, address }, at) =>
          `<id><uid>${uid}${at}</uid><idType>Digital Currency Address - ${ticker}</idType><idNumber>${address}</idNumber></id>`,
      ),
    )}
    ${list(
      'akaList',
      akas.map(
        (aka, at) => `<aka><uid>${at}</uid><type>a.k.a.</type><category>${aka.isWeak ? 'weak' : 'strong'}</category>${name(aka)}</aka>`,
      ),
    )}
    ${list(
      'nationalityList',
      countries.map((country, at) => `<nationality><uid>${at}</uid><country>${country}</country><mainEntry>true</mainEntry></nationality>`),
    )}
    ${list(
      'dateOfBirthList',
      births.map(
        (birth, at) => `<dateOfBirthItem><uid>${at}</uid><dateOfBirth>${birth}</dateOfBirth><mainEntry>true</mainEntry></dateOfBirthItem>`,
      ),
    )}</sdnEntry>`
}

/** The EU's xmlFullSanctionsList 1.1, cut to what is read. */
export const EU_XML = `<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-11-19T10:00:00.000+01:00" globalFileId="150001">
  <sanctionEntity designationDetails="" unitedNationId="" euReferenceNumber="EU.1234.56" logicalId="1234">
    <regulation programme="BLR" numberTitle="765/2006 (OJ L 134)"/>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="Віктар" middleName="" lastName="Дубровін" wholeName="Віктар Дубровін" strong="true" logicalId="1"/>
    <nameAlias firstName="" middleName="" lastName="" wholeName="Vitya" strong="false" logicalId="2"/>
    <citizenship region="" countryIso2Code="BY" countryDescription="BELARUS"/>
    <birthdate circa="false" calendarType="GREGORIAN" city="Minsk" countryIso2Code="00" birthdate="1969-02-03" dayOfMonth="3" monthOfYear="2" year="1969"/>
  </sanctionEntity>
  <sanctionEntity euReferenceNumber="EU.7.1" logicalId="77">
    <regulation programme="IRN"/>
    <subjectType code="enterprise" classificationCode="E"/>
    <nameAlias wholeName="Zagrosh Turbine Company" strong="true" logicalId="3"/>
    <address city="Tehran" countryIso2Code="IR" countryDescription="IRAN"/>
  </sanctionEntity>
</export>
`

/** The UN Security Council's consolidated list, cut to what is read. */
export const UN_XML = `<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://www.un.org/schema.xsd" dateGenerated="2026-11-18T05:01:02.123Z">
  <INDIVIDUALS>
    <INDIVIDUAL>
      <DATAID>6908001</DATAID><VERSIONNUM>1</VERSIONNUM>
      <FIRST_NAME>TARIQ</FIRST_NAME><SECOND_NAME>ABDUL RAHMAN</SECOND_NAME><THIRD_NAME>AL-ZUBADI</THIRD_NAME>
      <UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>
      <NAME_ORIGINAL_SCRIPT>طارق عبد الرحمن الزبادي</NAME_ORIGINAL_SCRIPT>
      <NATIONALITY><VALUE>Iraq</VALUE></NATIONALITY>
      <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Tarek Zubadi</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Abu Tariq</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ADDRESS><COUNTRY>Syrian Arab Republic</COUNTRY></INDIVIDUAL_ADDRESS>
      <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1971</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
    </INDIVIDUAL>
  </INDIVIDUALS>
  <ENTITIES>
    <ENTITY>
      <DATAID>6908002</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>KORVANG TRADING CORPORATION</FIRST_NAME>
      <UN_LIST_TYPE>DPRK</UN_LIST_TYPE>
      <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Korvang General</ALIAS_NAME></ENTITY_ALIAS>
      <ENTITY_ADDRESS><COUNTRY>Democratic People's Republic of Korea</COUNTRY></ENTITY_ADDRESS>
    </ENTITY>
  </ENTITIES>
</CONSOLIDATED_LIST>
`

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
