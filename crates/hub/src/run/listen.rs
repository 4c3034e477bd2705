//! The hub's listener, with bounds on what somebody costs before it is known who he is: connections, the size of
//! a request's head, the time that one may take to come, and how long a body may stand still. How long a body may
//! be is bounded where it is read.
//!
//! A connection that waits for its next request keeps nobody out: for each that finds no room, the one that has
//! waited longest ends at once, or the first that has given its answer; a new one is given the time to ask. Those
//! that are still one too many wait in the system's queue until another ends.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, watch};
use tower::ServiceExt;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// The pause after the system could not hand over a connection, as when files have run out.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// A body of which nothing came for this long is given up.
pub(super) const BODY_STALLS_AFTER: Duration = Duration::from_secs(10);

/// What one listener bears.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListenLimits {
    /// Connections at the same time.
    pub(super) connections: u32,
    /// Headers of one request.
    pub(super) headers: usize,
    /// Bytes of a request's head, and of what is read ahead of a connection.
    pub(super) head_bytes: usize,
    /// How long a request's head may take to come, from the end of the request before.
    pub(super) head_within: Duration,
}

impl ListenLimits {
    /// The limits in force.
    pub(super) const DEFAULT: Self = Self {
        connections: super::CONNECTIONS,
        headers: 64,
        head_bytes: 64 * 1024,
        head_within: Duration::from_secs(15),
    };
}

/// Gives up every body, whoever reads it, of which nothing comes for so long.
pub(super) fn with_lively_bodies(app: Router, stalls_after: Duration) -> Router {
    app.layer(RequestBodyTimeoutLayer::new(stalls_after))
}

/// Answers on a listener until `stopping` says so and every connection has ended.
pub(super) async fn listen(
    listener: TcpListener,
    app: Router,
    limits: ListenLimits,
    mut stopping: watch::Receiver<bool>,
) {
    let slots = Slots::new(limits.connections);
    let http = protocol(limits);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = stopped(&mut stopping) => break,
        };
        let Some((slot, stream)) = accepted else { continue };
        let (http, app, stopping) = (http.clone(), app.clone(), stopping.clone());
        let room_wanted = Arc::clone(&slots.room_wanted);
        tokio::spawn(async move {
            answer(&http, stream, app, &room_wanted, stopping).await;
            drop(slot);
        });
    }
    drop(listener);
    // Every slot is free again once every connection has ended.
    let _ended = slots.free.acquire_many(limits.connections).await;
}

type Slot = tokio::sync::OwnedSemaphorePermit;

/// One slot for each connection that may be open.
struct Slots {
    free: Arc<Semaphore>,
    /// Said to one connection that waits for its next request, each time that there is none.
    room_wanted: Arc<Notify>,
}

impl Slots {
    fn new(count: u32) -> Self {
        Self {
            free: Arc::new(Semaphore::new(count as usize)),
            room_wanted: Arc::default(),
        }
    }

    /// A free slot; without one, a connection that waits for its next request is asked to make room.
    async fn take(&self) -> Option<Slot> {
        if let Ok(slot) = Arc::clone(&self.free).try_acquire_owned() {
            return Some(slot);
        }
        self.room_wanted.notify_one();
        Arc::clone(&self.free).acquire_owned().await.ok()
    }
}

/// The next connection, and then a slot for it: a slot is asked for only when somebody stands at the door.
async fn accept(listener: &TcpListener, slots: &Slots) -> Option<(Slot, TcpStream)> {
    match listener.accept().await {
        Ok((stream, _)) => Some((slots.take().await?, stream)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be taken");
            tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            None
        }
    }
}

fn protocol(limits: ListenLimits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_headers(limits.headers)
        .max_buf_size(limits.head_bytes);
    http
}

/// What a connection is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Doing {
    /// Nothing came yet; what comes first must not be lost, for it may be a request for a bar.
    New,
    Answering,
    /// Its answer has gone out whole.
    Waiting,
}

/// Answers the requests of one connection; what ends it early is the other side's doing and is not logged.
///
/// Where room is wanted, it ends once it waits for its next request.
async fn answer(
    http: &http1::Builder,
    stream: TcpStream,
    app: Router,
    room_wanted: &Notify,
    mut stopping: watch::Receiver<bool>,
) {
    let (says, mut doing) = watch::channel(Doing::New);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), watched(app, says)));
    tokio::select! {
        _ = connection.as_mut() => return,
        () = asked_while_waiting(&mut doing, room_wanted) => connection.as_mut().graceful_shutdown(),
        () = stopped(&mut stopping) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// The same answers; what the connection is doing is said at each request, and when its answer's body is done with.
fn watched(
    app: Router,
    says: watch::Sender<Doing>,
) -> impl HttpService<Incoming, ResBody = Body, Error = Infallible, Future: Send> {
    let says = Arc::new(says);
    service_fn(move |request| {
        says.send_replace(Doing::Answering);
        let done = Done(Arc::clone(&says));
        let answer = app.clone().oneshot(request);
        async move {
            let kept_until_the_body_ends = move |_: &Frame<_>| _ = &done;
            Ok(answer
                .await?
                .map(|body| Body::new(body.inspect_frame(kept_until_the_body_ends))))
        }
    })
}

/// Goes with an answer, and says that it has gone.
struct Done(Arc<watch::Sender<Doing>>);

impl Drop for Done {
    fn drop(&mut self) {
        self.0.send_replace(Doing::Waiting);
    }
}

/// Ends when room is wanted and this connection is the one to make it.
async fn asked_while_waiting(doing: &mut watch::Receiver<Doing>, room_wanted: &Notify) {
    loop {
        let _ = doing.wait_for(|doing| *doing == Doing::Waiting).await;
        tokio::select! {
            () = room_wanted.notified() => return,
            _ = doing.changed() => {}
        }
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that nobody is left who could say so, which is a stop too.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::body::Bytes;
    use axum::routing::{get, post};
    use futures_util::{StreamExt, stream};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    async fn start(limits: ListenLimits) -> (SocketAddr, watch::Sender<bool>) {
        start_with(limits, Router::new().route("/", get(async || "well"))).await
    }

    async fn start_with(limits: ListenLimits, app: Router) -> (SocketAddr, watch::Sender<bool>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(listen(listener, app, limits, stopping));
        (address, stop)
    }

    /// What comes back before the connection ends or has said `well`.
    async fn answer_to(stream: &mut TcpStream, said: &[u8]) -> String {
        stream.write_all(said).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"well") {
            match stream.read_buf(&mut answer).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        String::from_utf8(answer).unwrap()
    }

    fn request(headers: usize) -> Vec<u8> {
        let more: String = (1..headers).map(|n| format!("X-{n}: 1\r\n")).collect();
        format!("GET / HTTP/1.1\r\nHost: here\r\n{more}\r\n").into_bytes()
    }

    #[tokio::test]
    async fn those_that_wait_for_a_request_make_room_at_once() {
        let limits = ListenLimits {
            connections: 2,
            head_within: Duration::from_secs(3_600),
            ..ListenLimits::DEFAULT
        };
        let (address, _stop) = start(limits).await;
        let mut idle = Vec::new();
        for at in 0..20 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let asked = request(1);
            let answer = tokio::time::timeout(PATIENCE, answer_to(&mut stream, &asked)).await;
            assert!(answer.unwrap().starts_with("HTTP/1.1 200"), "connection {at}");
            idle.push(stream);
        }
    }

    #[tokio::test]
    async fn one_whose_answer_goes_on_is_not_asked_to_make_room() {
        let endless = get(async || {
            let well = stream::once(async { Ok::<_, Infallible>("well") });
            Body::from_stream(well.chain(stream::pending()))
        });
        let app = Router::new()
            .route("/endless", endless)
            .route("/", get(async || "well"));
        let limits = ListenLimits {
            connections: 2,
            ..ListenLimits::DEFAULT
        };
        let (address, _stop) = start_with(limits, app).await;
        let mut streams = Vec::new();
        for path in ["/endless", "/", "/", "/"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let asked = format!("GET {path} HTTP/1.1\r\nHost: here\r\n\r\n");
            let answer = tokio::time::timeout(PATIENCE, async {
                stream.write_all(asked.as_bytes()).await.unwrap();
                let mut heard = Vec::new();
                while !String::from_utf8_lossy(&heard).contains("well") {
                    assert_ne!(stream.read_buf(&mut heard).await.unwrap(), 0);
                }
            });
            answer.await.expect(path);
            streams.push(stream);
        }
    }

    #[tokio::test]
    async fn one_that_has_not_asked_yet_does_not_end_for_another() {
        let limits = ListenLimits {
            connections: 2,
            ..ListenLimits::DEFAULT
        };
        let (address, _stop) = start(limits).await;
        let mut silent = TcpStream::connect(address).await.unwrap();
        let asked = request(1);
        for _ in 0..5 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let answer = tokio::time::timeout(PATIENCE, answer_to(&mut stream, &asked)).await;
            assert!(answer.unwrap().starts_with("HTTP/1.1 200"));
        }
        let answer = tokio::time::timeout(PATIENCE, answer_to(&mut silent, &asked)).await;
        assert!(answer.unwrap().starts_with("HTTP/1.1 200"), "it asks at last");
    }

    #[tokio::test]
    async fn a_connection_at_the_limit_is_answered_and_one_past_it_waits_until_another_ends() {
        let limits = ListenLimits {
            connections: 2,
            ..ListenLimits::DEFAULT
        };
        let (says, hears) = watch::channel(false);
        let app = get(async move || {
            let mut hears = hears.clone();
            stopped(&mut hears).await;
            "well"
        });
        let (address, _stop) = start_with(limits, Router::new().route("/", app)).await;
        let asked = request(1);
        let mut streams = Vec::new();
        for _ in 0..3 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&asked).await.unwrap();
            streams.push(stream);
        }
        let [first, second, third] = &mut streams[..] else {
            panic!("three")
        };
        let waits = tokio::time::timeout(Duration::from_millis(300), answer_to(third, b"")).await;
        assert!(waits.is_err(), "one past the limit");
        says.send_replace(true);
        for stream in [first, second, third] {
            let answer = tokio::time::timeout(PATIENCE, answer_to(stream, b""))
                .await
                .unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    }

    #[tokio::test]
    async fn a_head_at_its_limit_is_read_and_one_past_it_is_not() {
        let (address, _stop) = start(ListenLimits::DEFAULT).await;
        for (headers, status) in [(64, "HTTP/1.1 200"), (65, "HTTP/1.1 431")] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let answer = answer_to(&mut stream, &request(headers)).await;
            assert!(answer.starts_with(status), "{headers}: {answer}");
        }
        let mut stream = TcpStream::connect(address).await.unwrap();
        let long = format!(
            "GET / HTTP/1.1\r\nX: {}",
            "x".repeat(ListenLimits::DEFAULT.head_bytes)
        );
        let answer = answer_to(&mut stream, long.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }

    #[tokio::test]
    async fn a_head_that_does_not_come_ends_its_connection() {
        let limits = ListenLimits {
            head_within: Duration::from_millis(100),
            ..ListenLimits::DEFAULT
        };
        let (address, _stop) = start(limits).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let answer = tokio::time::timeout(PATIENCE, answer_to(&mut stream, b"GET / HTTP/1.1\r\n"));
        assert!(!answer.await.unwrap().contains("200"));
    }

    #[tokio::test]
    async fn a_body_that_stands_still_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (_stop, stopping) = watch::channel(false);
        let app = Router::new().route("/", post(async |_: Bytes| "well"));
        let app = with_lively_bodies(app, Duration::from_millis(100));
        tokio::spawn(listen(listener, app, ListenLimits::DEFAULT, stopping));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let half = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 8\r\n\r\nhalf";
        let answer = tokio::time::timeout(PATIENCE, answer_to(&mut stream, half))
            .await
            .unwrap();
        assert!(!answer.contains("200"), "{answer}");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let whole = [&half[..], b"full"].concat();
        assert!(answer_to(&mut stream, &whole).await.starts_with("HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn what_is_under_way_when_it_stops_is_finished() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopping) = watch::channel(false);
        let (said, asked) = tokio::sync::mpsc::channel::<()>(1);
        let app = Router::new().route(
            "/",
            get(async move || {
                said.send(()).await.unwrap();
                tokio::time::sleep(Duration::from_millis(100)).await;
                "well"
            }),
        );
        let listening = tokio::spawn(listen(listener, app, ListenLimits::DEFAULT, stopping));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut asked = asked;
        let stopper = async {
            asked.recv().await.unwrap();
            stop.send_replace(true);
        };
        let sent = request(1);
        let (answer, ()) = tokio::join!(answer_to(&mut stream, &sent), stopper);
        assert!(answer.ends_with("well"), "{answer}");
        tokio::time::timeout(PATIENCE, listening).await.unwrap().unwrap();
    }
}
