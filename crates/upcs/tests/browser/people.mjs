// Who plays in the story. Words are random, so that whatever turns up in a file was left there by this run;
// numbers come from Ofcom's ranges for drama, and nobody here exists.
import { randomInt } from 'node:crypto'

const LETTERS = 'bcdfghjklmnprstvwz'
const VOWELS = 'aeiou'

function word() {
  let word = ''
  for (let at = 0; at < 4; at += 1) word += LETTERS[randomInt(LETTERS.length)] + VOWELS[randomInt(VOWELS.length)]
  return word[0].toUpperCase() + word.slice(1)
}

/** Ranges that no approved list of the demo draws on, each with three free digits. */
const RANGES = ['07700 900', '0114 496 0', '0116 496 0', '0117 496 0', '0131 496 0', '0151 496 0', '029 2018 0']
const taken = new Set()

function number(range = RANGES[randomInt(RANGES.length)]) {
  for (;;) {
    // The demo's own people have their numbers below 200 and at 777.
    const written = `${range}${randomInt(200, 770)}`
    if (!taken.has(written)) return taken.add(written) && written
  }
}

function address() {
  const street = `${word()} Rise`
  return { lines: `${randomInt(2, 90)} ${street}\nNorthmoor`, postcode: `ZZ9 ${randomInt(1, 9)}QT`, street }
}

/** The cast of one run. */
export function cast() {
  return {
    asker: {
      name: `${word()} ${word()}`, otherName: `${word()} Old`, why: `He rings about ${word()} every night.`,
      safeNumber: number('07700 900'), channelNote: `Before noon, ask for ${word()}`,
      wrongNumber: number('07700 900'), number: number('07700 900'), landline: number('0114 496 0'),
      // A prisoner whom she does not name has it on his list, so he is suspended until a handler has looked.
      sharedNumber: '07700 900777', email: `${word()}@example.org`.toLowerCase(), address: address(),
    },
    // The child is reached only through somebody who supports her.
    child: {
      name: `${word()} ${word()}`, number: number(), address: address(),
      supporter: `${word()} ${word()}`, supporterNumber: number(), channelNote: `School days, ask for ${word()}`,
    },
    orders: [
      { kind: 'non-molestation', court: `${word()} Family Court`, number: 'ZZ26F00001', until: ['1', '6', '2031'], terms: `No contact by any means, nor through ${word()}.` },
      { kind: 'bail-or-remand-condition', court: `${word()} Magistrates’ Court`, number: 'ZZ26B00002', until: ['2', '7', '2032'], terms: `Not to come near ${word()} Rise.` },
    ],
    noContact: { name: `${word()} ${word()}`, number: number(), why: `Order of ${word()}` },
    friend: { name: `${word()} ${word()}`, relationship: `Neighbour of ${word()}`, person: `${word()} ${word()}`, number: number(), why: `She told me about ${word()}.`, noConsent: `She cannot be asked: ${word()}` },
    // The police refer about the number that the enabling prison's list still lets through.
    referred: {
      name: `${word()} ${word()}`, number: '07700 900123', second: number(), address: address(), why: `Rung from prison against an order, ${word()}.`,
      safeNumber: number('07700 900'), channelNote: `After dark, ask for ${word()}`,
    },
    prisoner: { first: 'Callum', last: 'Prior', number: 'A2345CD', born: ['2', '7', '1991'] },
    added: number(), listed: number(), spare: number('01632 960'), elsewhere: number(), rang: number(), alias: number('01632 960'),
    letter: address(),
  }
}

/** What must not be found on her device: everything personal that she typed, and her reference. */
export function hers({ asker, child, orders }, references) {
  const names = [asker.name, child.name, child.supporter]
  const words = [...names, ...names.flatMap((name) => name.split(' ')), asker.otherName, child.channelNote, ...orders.flatMap(({ court, terms }) => [court, terms])]
  return {
    words: [...words, asker.address.street, child.address.street, asker.why, asker.channelNote, asker.email, ...references],
    numbers: [asker.safeNumber, asker.wrongNumber, asker.number, asker.landline, asker.sharedNumber, child.number, child.supporterNumber],
  }
}
