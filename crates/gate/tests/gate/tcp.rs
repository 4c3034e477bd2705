//! SIP over TCP and TLS: how messages are found on a stream, what ends a connection, and that a stream gets the
//! answers that a datagram gets.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use feed::Regime;
use gate::answer::Desk;
use gate::answer::call::{Received, answer};
use gate::answer::sip::MAX_DATAGRAM_BYTES;
use gate::answer::tcp::{StreamLimits, Streams};
use gate::answer::tls::TlsFiles;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_rustls::{TlsAcceptor, TlsConnector, client::TlsStream};

use crate::hub::PATIENCE;
use crate::sip::{desk, invite, masked};

/// Short enough to be met in a test, where it is the thing tested.
const SOON: Duration = Duration::from_millis(100);

struct Listening {
    at: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Listening {
    async fn start(desk: Desk, tls: Option<TlsAcceptor>, limits: StreamLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, stopping) = watch::channel(false);
        let streams = Streams::new(Arc::new(desk), tls, limits, stopping);
        let task = tokio::spawn(streams.serve(listener));
        Self { at, stop, task }
    }

    /// A desk under call enabling, on whose list number 3 stands.
    async fn enabling() -> Self {
        Self::start(desk(Some(Regime::CallEnabling)), None, StreamLimits::DEFAULT).await
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.at).await.unwrap()
    }
}

fn over_tcp(user: &str) -> String {
    invite(user).replace("SIP/2.0/UDP", "SIP/2.0/TCP")
}

/// Reads until so many answers have come.
async fn answers(stream: &mut TcpStream, count: usize) -> Vec<String> {
    let mut text = String::new();
    while text.matches("\r\n\r\n").count() < count {
        let mut bytes = vec![0; 4096];
        let read = timeout(PATIENCE, stream.read(&mut bytes)).await.unwrap().unwrap();
        assert_ne!(read, 0, "the connection ended after: {text}");
        text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
    text.split_inclusive("\r\n\r\n").map(str::to_owned).collect()
}

/// Reads to the end of the connection.
async fn to_the_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is an end too.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes))
        .await
        .expect("the connection ends");
    String::from_utf8(bytes).unwrap()
}

fn line(answer: &str) -> &str {
    answer.lines().next().unwrap_or_default()
}

const ALLOWED: &str = "SIP/2.0 302 Moved Temporarily";
const REFUSED: &str = "SIP/2.0 403 Forbidden";

#[tokio::test]
async fn several_messages_in_one_segment_are_answered_in_order_on_their_connection() {
    let gate = Listening::enabling().await;
    let mut stream = gate.connect().await;
    let body = over_tcp("07700900003").replace("Content-Length: 0\r\n\r\n", "l: 5\r\n\r\nv=0\r\n");
    let ack = over_tcp("07700900003").replace("INVITE", "ACK");
    let all = [over_tcp("07700900003"), ack, body, over_tcp("07700900009")].concat();
    stream.write_all(all.as_bytes()).await.unwrap();
    let said = answers(&mut stream, 3).await;
    assert_eq!(
        said.iter().map(|one| line(one)).collect::<Vec<_>>(),
        [ALLOWED, ALLOWED, REFUSED]
    );
}

#[tokio::test]
async fn a_message_that_comes_byte_by_byte_is_answered_once_it_is_whole() {
    let gate = Listening::enabling().await;
    let mut stream = gate.connect().await;
    stream.set_nodelay(true).unwrap();
    for byte in over_tcp("07700900003").bytes() {
        stream.write_all(&[byte]).await.unwrap();
    }
    assert_eq!(line(&answers(&mut stream, 1).await[0]), ALLOWED);
}

#[tokio::test]
async fn a_stream_gets_the_bytes_that_a_datagram_gets() {
    let gate = Listening::enabling().await;
    let here = desk(Some(Regime::CallEnabling));
    let mut stream = gate.connect().await;
    let source = stream.local_addr().unwrap();
    let folded = "INVITE sip:07700900003@gate.example SIP/2.0\r\n\
        v: SIP/2.0/TCP sbc.example:5070\r\n\t;branch=z9hG4bKx;rport\r\n\
        f : <sip:A0001BC@lei.example>\r\n  ;tag=abc\r\n\
        t: <sip:x@gate.example>\r\ni: one\r\ncseq: 1\r\n INVITE\r\nl: 0\r\n\r\n";
    for message in [
        over_tcp("07700900003"),
        over_tcp("07700900009"),
        over_tcp("nonsense"),
        folded.to_owned(),
    ] {
        stream.write_all(message.as_bytes()).await.unwrap();
        let said = answers(&mut stream, 1).await.concat();
        let mut expected = Vec::new();
        let received = Received {
            bytes: message.as_bytes(),
            is_whole: true,
            source,
        };
        answer(&here, received, &mut expected).unwrap();
        assert_eq!(said, String::from_utf8(expected).unwrap());
    }
}

#[tokio::test]
async fn two_blank_lines_are_answered_by_one_and_one_by_none() {
    let gate = Listening::enabling().await;
    let mut stream = gate.connect().await;
    stream.write_all(b"\r\n\r\n").await.unwrap();
    let mut pong = [0; 2];
    stream.read_exact(&mut pong).await.unwrap();
    assert_eq!(&pong, b"\r\n");
    stream.write_all(b"\r\n").await.unwrap();
    stream
        .write_all(over_tcp("07700900003").as_bytes())
        .await
        .unwrap();
    assert_eq!(line(&answers(&mut stream, 1).await[0]), ALLOWED);
}

#[tokio::test]
async fn a_message_that_is_cut_off_gets_no_answer() {
    let gate = Listening::enabling().await;
    let whole = over_tcp("07700900003").replace("Content-Length: 0\r\n\r\n", "Content-Length: 4\r\n\r\nabcd");
    for cut in [1, 40, whole.len() - 5, whole.len() - 1] {
        let mut stream = gate.connect().await;
        stream.write_all(&whole.as_bytes()[..cut]).await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(to_the_end(&mut stream).await, "", "{cut} bytes");
    }
    let mut stream = gate.connect().await;
    stream.write_all(whole.as_bytes()).await.unwrap();
    assert_eq!(line(&answers(&mut stream, 1).await[0]), ALLOWED, "whole");
}

#[tokio::test]
async fn what_cannot_be_framed_is_refused_like_any_other_call_and_ends_the_connection() {
    let limits = StreamLimits {
        idle: SOON,
        ..StreamLimits::DEFAULT
    };
    let gate = Listening::start(desk(Some(Regime::CallEnabling)), None, limits).await;
    let whole = over_tcp("07700900003");
    let with = |field: &str| whole.replace("Content-Length: 0", field);
    let refusal = {
        let mut stream = gate.connect().await;
        stream
            .write_all(over_tcp("07700900009").as_bytes())
            .await
            .unwrap();
        masked(&answers(&mut stream, 1).await[0])
    };
    for (why, message) in [
        ("no length", with("X-Length: 0")),
        ("two lengths", with("Content-Length: 0\r\nl: 0")),
        ("a length that is none", with("Content-Length: +0")),
        ("a length beyond the limit", with("Content-Length: 8192")),
        (
            "a length beyond every number",
            with("Content-Length: 99999999999999999999"),
        ),
        ("a bare line feed", with("X: a\nContent-Length: 0")),
        (
            "a header without end",
            with(&format!("X: {}", "a".repeat(MAX_DATAGRAM_BYTES))),
        ),
    ] {
        let mut stream = gate.connect().await;
        // Another behind it is not read: nobody knows where it begins.
        let _ = stream.write_all((message + &whole).as_bytes()).await;
        let said = to_the_end(&mut stream).await;
        let source = stream.local_addr().unwrap().port().to_string();
        let there = |text: &str| text.replace(&source, "PORT");
        let expected = refusal.split(";rport=").next().unwrap();
        assert!(masked(&there(&said)).starts_with(expected), "{why}: {said}");
        assert_eq!(said.matches("\r\n\r\n").count(), 1, "{why}: {said}");
    }
}

#[tokio::test]
async fn a_message_as_long_as_the_limit_is_read_and_one_byte_more_is_refused() {
    let gate = Listening::enabling().await;
    let of = |length: usize| {
        let empty = over_tcp("07700900003").replace("Content-Length: 0", "Content-Length: 0000");
        let body = length - empty.len();
        empty.replace("Content-Length: 0000", &format!("Content-Length: {body:04}")) + &"a".repeat(body)
    };
    for (length, expected) in [(MAX_DATAGRAM_BYTES, ALLOWED), (MAX_DATAGRAM_BYTES + 1, REFUSED)] {
        let mut stream = gate.connect().await;
        stream.write_all(of(length).as_bytes()).await.unwrap();
        assert_eq!(line(&answers(&mut stream, 1).await[0]), expected, "{length}");
    }
}

#[tokio::test]
async fn a_stranger_is_let_go_before_he_is_read() {
    let mut closed = desk(Some(Regime::CallEnabling));
    closed.peers = vec!["192.0.2.1".parse().unwrap()];
    let limits = StreamLimits {
        idle: SOON,
        ..StreamLimits::DEFAULT
    };
    let gate = Listening::start(closed, None, limits).await;
    let mut stream = gate.connect().await;
    let asked = format!("\r\n\r\n{}", over_tcp("07700900003"));
    let _ = stream.write_all(asked.as_bytes()).await;
    assert_eq!(
        to_the_end(&mut stream).await,
        "",
        "not even that anybody is there"
    );
}

#[tokio::test]
async fn as_many_connections_as_the_limit_are_held_and_one_more_is_let_go() {
    let limits = StreamLimits {
        connections: 2,
        ..StreamLimits::DEFAULT
    };
    let gate = Listening::start(desk(Some(Regime::CallEnabling)), None, limits).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = gate.connect().await;
        stream
            .write_all(over_tcp("07700900003").as_bytes())
            .await
            .unwrap();
        assert_eq!(line(&answers(&mut stream, 1).await[0]), ALLOWED);
        held.push(stream);
    }
    let mut more = gate.connect().await;
    let _ = more.write_all(over_tcp("07700900003").as_bytes()).await;
    assert_eq!(to_the_end(&mut more).await, "");
    drop(held.pop());
    let room_again = async {
        loop {
            let mut stream = gate.connect().await;
            let _ = stream.write_all(over_tcp("07700900003").as_bytes()).await;
            let mut first = [0; 12];
            if stream.read_exact(&mut first).await.is_ok() {
                return;
            }
        }
    };
    timeout(PATIENCE, room_again)
        .await
        .expect("the place of one that left is given again");
}

#[tokio::test]
async fn a_message_that_does_not_end_and_a_silent_connection_are_let_go_in_time() {
    let limits = StreamLimits {
        message: SOON,
        idle: SOON,
        ..StreamLimits::DEFAULT
    };
    let gate = Listening::start(desk(Some(Regime::CallEnabling)), None, limits).await;
    let mut silent = gate.connect().await;
    assert_eq!(to_the_end(&mut silent).await, "");
    let mut slow = gate.connect().await;
    slow.write_all(&over_tcp("07700900003").as_bytes()[..100])
        .await
        .unwrap();
    assert_eq!(to_the_end(&mut slow).await, "");
}

#[tokio::test]
async fn a_peer_that_does_not_read_its_answers_is_let_go_in_time() {
    let limits = StreamLimits {
        answer: SOON,
        ..StreamLimits::DEFAULT
    };
    let gate = Listening::start(desk(Some(Regime::CallEnabling)), None, limits).await;
    let mut deaf = gate.connect().await;
    let message = over_tcp("07700900009");
    let writes = async {
        // Until both sides' room is full and the gate has let go.
        while deaf.write_all(message.as_bytes()).await.is_ok() {}
    };
    timeout(PATIENCE, writes)
        .await
        .expect("the gate does not wait for ever");
}

#[tokio::test]
async fn a_gate_that_stops_ends_its_connections() {
    let gate = Listening::enabling().await;
    let mut stream = gate.connect().await;
    stream
        .write_all(over_tcp("07700900003").as_bytes())
        .await
        .unwrap();
    answers(&mut stream, 1).await;
    gate.stop.send_replace(true);
    assert_eq!(to_the_end(&mut stream).await, "");
    timeout(PATIENCE, gate.task).await.expect("in time").unwrap();
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/tls")
        .join(name)
}

fn files(client_authority: Option<&str>) -> TlsFiles {
    TlsFiles {
        certificate: file("gate.pem"),
        key: file("gate.key"),
        client_authority: client_authority.map(file),
    }
}

async fn with_tls(client_authority: Option<&str>) -> Listening {
    let acceptor = files(client_authority).acceptor().unwrap();
    Listening::start(
        desk(Some(Regime::CallEnabling)),
        Some(acceptor),
        StreamLimits::DEFAULT,
    )
    .await
}

/// Connects as a controller that trusts the authority, with the certificate of this name.
async fn connect(gate: &Listening, shows: Option<&str>) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(file("authority.pem")).unwrap())
        .unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match shows {
        None => builder.with_no_client_auth(),
        Some(name) => {
            let chain = vec![CertificateDer::from_pem_file(file(&format!("{name}.pem"))).unwrap()];
            let key = PrivateKeyDer::from_pem_file(file(&format!("{name}.key"))).unwrap();
            builder.with_client_auth_cert(chain, key).unwrap()
        }
    };
    let connector = TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("gate.example").unwrap();
    connector.connect(name, gate.connect().await).await
}

/// The first line of the answer to an INVITE; nothing if the gate lets go.
async fn ask(stream: std::io::Result<TlsStream<TcpStream>>) -> String {
    let Ok(mut stream) = stream else {
        return String::new();
    };
    let _ = stream
        .write_all(over_tcp("07700900003").replace("/TCP", "/TLS").as_bytes())
        .await;
    let mut first = vec![0; ALLOWED.len()];
    match timeout(PATIENCE, stream.read_exact(&mut first)).await.unwrap() {
        Ok(_) => String::from_utf8(first).unwrap(),
        Err(_) => String::new(),
    }
}

#[tokio::test]
async fn a_controller_is_answered_over_tls() {
    let gate = with_tls(None).await;
    assert_eq!(ask(connect(&gate, None).await).await, ALLOWED);
}

#[tokio::test]
async fn where_peers_must_show_a_certificate_only_the_authoritys_are_answered() {
    let gate = with_tls(Some("authority.pem")).await;
    assert_eq!(ask(connect(&gate, Some("controller")).await).await, ALLOWED);
    assert_eq!(ask(connect(&gate, Some("stranger")).await).await, "");
    assert_eq!(ask(connect(&gate, None).await).await, "");
}

#[tokio::test]
async fn plain_sip_on_the_port_of_tls_gets_no_answer_of_sip() {
    let gate = with_tls(None).await;
    let mut stream = gate.connect().await;
    stream
        .write_all(over_tcp("07700900003").as_bytes())
        .await
        .unwrap();
    let mut said = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut said)).await.unwrap();
    assert!(!said.windows(4).any(|four| four == b"SIP/"));
}

#[test]
fn files_that_are_no_certificate_or_no_key_are_named() {
    let swapped = TlsFiles {
        certificate: file("gate.key"),
        ..files(None)
    };
    assert!(swapped.acceptor().err().unwrap().contains("gate.key"));
    let other = TlsFiles {
        key: file("stranger.key"),
        ..files(None)
    };
    assert!(
        other.acceptor().err().unwrap().contains("gate.pem"),
        "the key of another certificate"
    );
    let missing = files(Some("nowhere.pem"));
    assert!(missing.acceptor().err().unwrap().contains("nowhere.pem"));
}
