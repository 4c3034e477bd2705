// Step 5, in the mailroom: a stack of envelopes by keyboard, files of letters, a picture, and no hub.
import { until } from './browser.mjs'

/** Held in Leeds, whose mailroom this is, and prevented by a bar of his own; and somebody who is held in Moorland. */
const [HELD, ELSEWHERE] = ['A2345CD', 'A1234BC']

const envelope = (to, address) => `${to}\n${address.lines}\n${address.postcode}`

/** Barred addresses go to the shelf, others leave; some of these are shelved by chance. */
export async function checksLetters(clerk, { referred, letter }) {
  await clerk.signIn('Sam Blake')
  await clerk.go('/mailroom', { shot: 'mailroom' })
  await clerk.press('Check', { status: 422, shot: 'mailroom-errors' })
  await clerk.expectErrors(2)
  await clerk.fill({ address: 'x'.repeat(600), sender: 'nobody' })
  await clerk.press('Check', { status: 422 })
  await clerk.expectErrors(2)
  await clerk.fill({ address: envelope('Mr P Lowe', letter), sender: ELSEWHERE })
  await clerk.press('Check', { status: 422, shot: 'mailroom-not-held' })
  await clerk.expect('No prisoner with this number is on record in your prison')
  await clerk.fill({ address: envelope('Ms C Bevan', referred.address), sender: HELD })
  await clerk.press('Check', { shot: 'mailroom-shelf' })
  await clerk.expect('SHELF')
  const code = await clerk.page.locator('.shell-answer-code').innerText()
  const label = await clerk.fetched(`/mailroom/labels/${code}`)
  if (!label.startsWith('%PDF-') || !label.includes(code)) throw new Error('the label does not bear its code')
  await countsThePile(clerk)
  return checksAStack(clerk, letter)
}

/** What lies on the desk is known by what the clerk counts. */
async function countsThePile(clerk) {
  await clerk.go('/mailroom')
  await clerk.unfold('Count the letters that wait')
  await clerk.press('Record the count', { status: 422, shot: 'mailroom-pile-errors' })
  await clerk.expectErrors(1)
  await clerk.fill({ pile: '24' })
  await clerk.press('Record the count', { shot: 'mailroom-pile' })
  await clerk.expect('The count is recorded')
}

/** Envelope after envelope without the mouse: the address, Tab, the number and Enter; the next has the focus. */
async function checksAStack(clerk, letter) {
  await clerk.go('/mailroom')
  let [shelved, slowest] = [0, 0]
  for (let at = 1; at <= 20; at += 1) {
    const focused = await clerk.page.evaluate(() => document.activeElement.id)
    if (focused !== 'address') throw new Error(`the next envelope finds the focus on ${focused}`)
    const keyboard = clerk.page.keyboard
    for (const line of envelope('Mr P Lowe', { ...letter, lines: `${at} ${letter.street}\nNorthmoor` }).split('\n')) {
      await keyboard.insertText(line)
      await keyboard.press('Enter')
    }
    await keyboard.press('Tab')
    await keyboard.insertText(at % 2 ? 'unknown' : HELD)
    const began = Date.now()
    await clerk.presses('Enter', { shot: 'mailroom-pass' })
    slowest = Math.max(slowest, Date.now() - began)
    if ((await clerk.text()).includes('SHELF')) shelved += 1
    else if (at > 3) return { shelved, slowest }
  }
  throw new Error('of twenty letters to addresses that are not barred nearly all were shelved')
}

/** A scanner ends a number with Enter: on a line of its own it sends the envelope off. */
export async function scans(clerk, { letter }) {
  await clerk.go('/mailroom')
  await clerk.page.keyboard.insertText(envelope('Mr P Lowe', letter))
  await clerk.page.keyboard.press('Enter')
  await clerk.page.keyboard.insertText(HELD)
  await clerk.presses('Enter')
  await clerk.expect('Last envelope')
  await clerk.page.keyboard.insertText(envelope('Mr P Lowe', letter))
  await clerk.page.keyboard.press('Control+Enter')
  await clerk.page.keyboard.insertText('unknown')
  await clerk.presses('Enter')
  await clerk.expect('Last envelope')
}

/** A table goes up and comes back with post or shelf. */
export async function sendsAFile(clerk, { referred, letter }) {
  await clerk.go('/mailroom/files')
  await clerk.press('Check these letters', { status: 422, shot: 'mailroom-files-errors' })
  await clerk.expectErrors(2)
  const cell = ({ lines, postcode }) => `"${lines}\n${postcode}"`
  const rows = [`one,${HELD},${cell(referred.address)}`, `two,${ELSEWHERE},${cell(letter)}`, `three,nobody,${cell(letter)}`]
  const file = ['reference,prison_number,address', ...rows].join('\r\n')
  await clerk.page.locator('#file').setInputFiles({ name: 'letters.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  await clerk.choose('kind', 'photocopy')
  await clerk.press('Check these letters')
  await until('the letters of a file to be answered', async () => {
    await clerk.go('/mailroom/files')
    return (await clerk.text()).includes('3 of 3 answered')
  })
  await clerk.picture('mailroom-files')
  const answers = await clerk.fetched(await clerk.page.getByRole('link', { name: /^Get the answers/ }).first().getAttribute('href'))
  const lines = answers.split('\n')
  const expected = [/^row,reference,answer,code$/, /^1,one,shelf,[2-9A-Z]{6}$/, /^2,two,not-held-here,$/, /^3,three,no-prison-number,$/]
  const wrong = expected.filter((line, at) => !line.test(lines[at] ?? ''))
  if (wrong.length > 0) throw new Error(`the answers to a file are ${answers}`)
}

/** A picture of an envelope is read where something reads, and goes to the shelf with its letter. */
export async function usesAPicture(clerk, { referred }, { reads }) {
  const png = await photographs(clerk, ['Ms C Bevan', ...referred.address.lines.split('\n'), referred.address.postcode])
  await clerk.go('/mailroom')
  await clerk.unfold('Use a picture of the envelope')
  const sent = () => clerk.page.locator('#picture').setInputFiles({ name: 'envelope.png', mimeType: 'image/png', buffer: png })
  if (clerk.story.scripts) await clerk.comes(sent, { shot: 'mailroom-picture' })
  else await sent().then(() => clerk.press('Use this picture', { shot: 'mailroom-picture' }))
  const read = await clerk.page.locator('#address').inputValue()
  if (reads && !read.includes(referred.address.street)) throw new Error(`read off the picture: ${read}`)
  await clerk.fetched(await clerk.page.locator('.shell-envelope').getAttribute('src'))
  await clerk.fill({ address: envelope('Ms C Bevan', referred.address), sender: HELD })
  await clerk.press('Check')
  await clerk.expect('SHELF')
  return read !== ''
}

/** What a camera would see of an envelope. */
async function photographs(clerk, lines) {
  const page = await clerk.browser.context.newPage()
  await page.setViewportSize({ width: 900, height: 500 })
  const shown = lines.map((line) => `<div>${line}</div>`).join('')
  await page.setContent(`<body style="margin:0;background:#fff"><div style="font:36px Arial,sans-serif;padding:160px 0 0 330px">${shown}</div>`)
  const png = await page.screenshot()
  await page.close()
  return png
}

/** With no hub the page says that the envelope waits. */
export async function waitsWithoutAHub(clerk, { letter }) {
  await clerk.go('/mailroom/waits', { shot: 'mailroom-waits' })
  await clerk.fetched('/mailroom-worker.js')
  if (!clerk.story.scripts) return
  await clerk.go('/mailroom')
  await clerk.page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await clerk.go('/mailroom')
  await clerk.browser.context.setOffline(true)
  await clerk.fill({ address: envelope('Mr P Lowe', letter), sender: 'unknown' })
  await Promise.all([clerk.page.waitForEvent('load'), clerk.page.getByRole('button', { name: 'Check', exact: true }).click()])
  await clerk.expect('The envelope waits', 'keep the envelope on the desk')
  await clerk.browser.context.setOffline(false)
  clerk.problems.splice(0)
  await clerk.go('/mailroom')
  await clerk.expect('Address on the envelope')
}
