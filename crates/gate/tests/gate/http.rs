//! HTTP as peers meet it: bounded in number and in time, and told what helplines lack.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use feed::{Regime, Serial};
use gate::answer::peers::{MAX_CONNECTIONS, REQUEST_WITHIN};
use serde_json::json;

use crate::hub::{PATIENCE, TestHub};
use crate::place::{HELPLINE, Place};
use crate::source::Source;

/// Reads until the other end lets go; says what came.
fn read_out(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    match stream.read_to_end(&mut said) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("not let go"),
        _ => String::from_utf8(said).unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sends_a_request_byte_by_byte_is_let_go() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    let gate = Place::enrolled(&hub).await.run().await;
    let address: SocketAddr = gate.ready.http;
    let slow = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        let longest = REQUEST_WITHIN * 2;
        // The read is what waits between two bytes.
        for byte in b"GET /health HTTP/1.1\r\nX: "
            .iter()
            .chain(std::iter::repeat(&b'a'))
        {
            let gone = stream.write_all(&[*byte]).is_err() || matches!(stream.read(&mut [0; 1]), Ok(0));
            if gone || begun.elapsed() > longest {
                break;
            }
        }
        begun.elapsed()
    });
    let took = slow.await.unwrap();
    assert!(took >= REQUEST_WITHIN && took < REQUEST_WITHIN * 2, "{took:?}");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_connections_as_the_limit_are_kept_and_one_more_is_let_go() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    let gate = Place::enrolled(&hub).await.run().await;
    let address: SocketAddr = gate.ready.http;
    let tried = tokio::task::spawn_blocking(move || {
        let ask = b"GET /health HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n";
        let mut kept: Vec<TcpStream> = (0..MAX_CONNECTIONS)
            .map(|_| TcpStream::connect(address).unwrap())
            .collect();
        let mut one_more = TcpStream::connect(address).unwrap();
        assert_eq!(read_out(&mut one_more), "");
        let last = kept.last_mut().unwrap();
        last.write_all(ask).unwrap();
        assert!(
            read_out(last).starts_with("HTTP/1.1 503"),
            "a kept one is answered"
        );
        drop(kept);
    });
    tried.await.unwrap();
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_whose_always_allowed_list_is_cut_short_says_so_until_it_is_mended() {
    let hub = TestHub::start(Source::new(Regime::CallEnabling)).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let file = place.folder.path().join("always");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let gate = place.run().await;
    hub.acknowledged(Serial(0)).await;
    assert!(!gate.allows("A0001BC", HELPLINE).await);
    let (code, health) = gate.get("/health").await;
    assert_eq!((code, &health["why"]), (503, &json!("no-always-allowed")));
    std::fs::write(&file, whole).unwrap();
    let mended = async {
        while gate.get("/status").await.1["always_allowed_installed"] != json!(true) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, mended)
        .await
        .expect("read again in time");
    assert!(gate.allows("A0001BC", HELPLINE).await);
    gate.stop().await;
}
