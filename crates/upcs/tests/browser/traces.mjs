// What a browser leaves on its disk: every byte of the profile is searched for what must not be there.
//
// The search is proved first on a careless page, which does everything wrong and whose words must turn up in
// every part of a profile.
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join, relative } from 'node:path'
import { openBrowser } from './browser.mjs'

/** Where a careless page leaves something, by the path within the profile. */
const PLACES = {
  history: /^Default\/History$/,
  sessions: /^Default\/Sessions\//,
  'form entries': /^Default\/Web Data$/,
  cookies: /^Default\/(Network\/)?Cookies$/,
  'local storage': /^Default\/Local Storage\//,
  cache: /^Default\/Cache\//,
}

/** Searches a profile for words and numbers; gives each file in which something was found, and what. */
export async function search(profile, { words, numbers }) {
  const needles = [...words.flatMap(written), ...numbers.flatMap((number) => spellings(number).flatMap(written))]
  const distinct = [...new Map(needles.map((needle) => [needle.bytes.toString('latin1'), needle])).values()]
  const found = []
  let bytes = 0
  const files = await everyFile(profile)
  for (const file of files) {
    const held = (await readFile(file).catch(() => Buffer.alloc(0)))
    bytes += held.length
    const lower = Buffer.from(held.toString('latin1').toLowerCase(), 'latin1')
    for (const { bytes: needle, exact, says } of distinct) {
      if ((exact ? held : lower).includes(needle)) found.push({ file: relative(profile, file), says })
    }
  }
  return { files: files.length, bytes, needles: distinct.length, found }
}

/** The ways of writing a UK number, each of which is searched for. */
function spellings(number) {
  const digits = number.replaceAll(' ', '')
  const rest = digits.slice(1)
  return [number, number.slice(1), digits, rest, `+44${rest}`, `0044${rest}`, `${digits.slice(0, 5)}-${digits.slice(5)}`]
}

/** A text in the encodings in which a browser may keep it. Base64 is searched at each of its three offsets. */
function written(text) {
  const lower = text.toLowerCase()
  const plain = [
    Buffer.from(lower, 'utf8'), Buffer.from(lower, 'utf16le'),
    Buffer.from(encodeURIComponent(text).toLowerCase()), Buffer.from(encodeURIComponent(text).replaceAll('%20', '+').toLowerCase()),
    Buffer.from(JSON.stringify(text).slice(1, -1).toLowerCase()), Buffer.from(Buffer.from(text).toString('hex')),
  ]
  const shifted = [0, 1, 2].map((offset) => {
    const coded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString('base64').replaceAll('=', '')
    // The first and last signs share their bits with what stands beside the text.
    return Buffer.from(coded.slice(offset === 0 ? 0 : offset + 1, -1))
  })
  return [
    ...plain.map((bytes) => ({ bytes, exact: false, says: text })),
    ...shifted.map((bytes) => ({ bytes, exact: true, says: text })),
  ]
}

async function everyFile(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

/** Fails unless the search finds what a careless page leaves, in every place. Gives the places. */
export async function findPlantedTraces(story, canary) {
  const server = createServer((request, response) => answerCarelessly(request, response, canary)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const browser = await openBrowser(story, { scripts: true })
  try {
    const url = `http://127.0.0.1:${server.address().port}`
    await browser.page.goto(`${url}/?q=${canary}`)
    await browser.page.fill('input', canary)
    await Promise.all([browser.page.waitForURL(`${url}/sent?*`), browser.page.click('button')])
    await browser.page.waitForLoadState()
    await browser.page.evaluate((word) => localStorage.setItem('kept', word), canary)
  } finally {
    await browser.context.close()
    server.closeAllConnections()
    server.close()
  }
  const { found } = await search(browser.profile, { words: [canary], numbers: [] })
  const missed = Object.entries(PLACES).filter(([, pattern]) => !found.some(({ file }) => pattern.test(file)))
  if (missed.length > 0) throw new Error(`the search did not find the planted word in ${missed.map(([place]) => place).join(', ')}; it was in ${found.map(({ file }) => file).join(', ')}`)
  return Object.keys(PLACES)
}

function answerCarelessly(request, response, canary) {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8', 'cache-control': 'max-age=3600', 'set-cookie': `${canary}=1; Max-Age=3600`,
  })
  response.end(`<!DOCTYPE html><html lang="en"><title>${canary}</title><main><h1>${canary}</h1>
    <form action="/sent"><label>Name <input name="name" autocomplete="name"></label><button>Send</button></form></main></html>`)
}
