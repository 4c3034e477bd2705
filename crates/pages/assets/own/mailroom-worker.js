// Says that the envelope waits when the hub cannot be reached. It keeps one page, which holds nothing of anybody, and
// looks at nothing but the mailroom's page.
const KEPT = 'waits'
const WAITS = '/mailroom/waits'
// What a proxy answers in the place of a hub that is not there.
const UNREACHABLE = [502, 503, 504]

async function keep() {
  const answer = await fetch(WAITS, { cache: 'no-store' })
  if (answer.ok && !answer.redirected) await (await caches.open(KEPT)).put(WAITS, answer)
}

async function waits() {
  return (await (await caches.open(KEPT)).match(WAITS)) ?? Response.error()
}

async function answerOrWait(request) {
  try {
    const answer = await fetch(request)
    return UNREACHABLE.includes(answer.status) ? await waits() : answer
  } catch {
    return waits()
  }
}

self.addEventListener('install', (event) => event.waitUntil(keep().then(() => self.skipWaiting())))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.mode === 'navigate' && new URL(request.url).pathname === '/mailroom') event.respondWith(answerOrWait(request))
})
