import type { SeedInvestor } from './types.ts'

/** First name, last name, country, birth date. All invented. */
const PEOPLE = `
Amara Okafor GB 1986-03-14
Lucas Ferreira PT 1979-11-02
Mei Tanaka JP 1991-07-23
Sofia Lindqvist SE 1983-01-30
Daniel Mwangi KE 1988-09-09
Elena Rossi IT 1975-05-18
Noah Becker DE 1993-12-05
Priya Raman IN 1990-02-27
Tomás Herrera CL 1984-08-11
Aisha Diallo FR 1996-04-16
Henrik Dahl NO 1969-10-21
Chiara Moretti IT 1989-06-03
Kwame Mensah GH 1982-03-29
Ingrid Vos NL 1977-07-07
Mateo Vargas CO 1994-01-19
Yuki Sato JP 1987-05-25
Fatima Zahra MA 1992-09-14
Oliver Grant GB 1971-02-08
Leila Haddad FR 1985-12-12
Jonas Keller CH 1980-04-04
Ana Popescu RO 1995-08-30
Samuel Otieno KE 1990-11-17
Grace Whitaker GB 1968-06-22
Rafael Costa BR 1986-10-10
Nadia Petrova BG 1978-03-03
Emil Novak CZ 1991-01-11
Hana Kim KR 1993-05-05
Peter Lawson IE 1974-09-28
Isabel Romero ES 1988-07-15
Arjun Mehta IN 1981-12-20
Clara Fontaine BE 1997-02-13
Mikael Virtanen FI 1976-08-08
Zanele Dube ZA 1989-04-27
Viktor Horvat HR 1983-11-06
Sara Almeida PT 1992-06-19
Bruno Silva BR 1979-01-24
Lotte Jansen NL 1990-10-02
Farid Rahimi DE 1985-03-18
Maria Kowalska PL 1973-07-31
Diego Fuentes ES 1994-09-23
`

/** The forty investors of the local world, in a fixed order: number 0 is the one that the start table names. */
export const INVESTORS: SeedInvestor[] = PEOPLE.trim()
  .split('\n')
  .map((line) => {
    const [firstName, lastName, country, birthDate] = line.split(' ') as [string, string, string, string]
    const key = `${firstName}.${lastName}`
      .normalize('NFD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase()
    return { key, firstName, lastName, country, birthDate, email: `${key}@people.example` }
  })
